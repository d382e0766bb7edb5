import { expect, test } from "vitest";
import { createDatabaseWithEngine } from "../../support/database.ts";

/** Keys of each encoding, and the month in which each lies; null for one that is no time. */
const encodings = [
  {
    type: "date",
    encoding: null,
    keys: { "'2026-01-31'": "2026-01-01", "'2026-02-01'": "2026-02-01", "'infinity'": null },
  },
  {
    type: "timestamp",
    encoding: null,
    keys: { "'2026-01-31 23:59:59.999999'": "2026-01-01", "'-infinity'": null, null: null },
  },
  {
    type: "timestamptz",
    encoding: null,
    keys: { "'2026-01-31 20:00-05'": "2026-02-01", "'2024-02-29 12:00+00'": "2024-02-01" },
  },
  {
    type: "uuid",
    encoding: "uuidv7",
    // The last millisecond of January 2026, the first of February, and 1970.
    keys: {
      "'019c167f-cbff-7000-8000-000000000000'": "2026-01-01",
      "'019c167f-cc00-7000-8000-000000000000'": "2026-02-01",
      "'00000000-0000-7000-8000-000000000000'": "1970-01-01",
    },
  },
  {
    type: "bigint",
    encoding: "epoch_seconds",
    keys: { "1769903999": "2026-01-01", "1769904000": "2026-02-01", "9223372036854775807": null },
  },
  {
    type: "bigint",
    encoding: "epoch_milliseconds",
    keys: { "1769903999999": "2026-01-01", "1769904000000": "2026-02-01", "-1": "1969-12-01" },
  },
  {
    type: "bigint",
    encoding: "epoch_microseconds",
    keys: { "1769903999999999": "2026-01-01", "1769904000000000": "2026-02-01" },
  },
  {
    type: "bigint",
    encoding: "epoch_nanoseconds",
    keys: { "1769903999999999999": "2026-01-01", "-9223372036854775808": "1677-09-01" },
  },
] as const;

test.each(encodings)("counts rows of $type $encoding by their month", async (given) => {
  const { type, encoding, keys } = given;
  const { sql } = await createDatabaseWithEngine();
  await sql.unsafe(`set timezone = 'Asia/Tokyo';
    create table t (k ${type}) partition by range (k);
    create table t_default partition of t default;
    insert into partition_policies (parent, granularity, key_encoding)
    values ('t', 'monthly', ${encoding === null ? "null" : `'${encoding}'`});
    insert into t values ${Object.keys(keys)
      .map((key) => `(${key})`)
      .join(", ")}`);
  const counted = await sql`
    select lower_bound::date::text as month, rows::int from count_strays('t', 'monthly') order by 1`;
  const expected = new Map<string | null, number>();
  for (const month of Object.values(keys)) expected.set(month, (expected.get(month) ?? 0) + 1);
  const months = [...counted].map(({ month, rows }) => [month, rows]);
  expect(new Map(months as [string | null, number][])).toEqual(expected);
});
