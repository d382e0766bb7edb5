import { beforeAll, expect, test } from "vitest";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

interface Given {
  /** As in FOR VALUES, or "default". */
  readonly partitions: Readonly<Record<string, string>>;
  readonly granularity?: string;
  readonly ahead?: number;
  readonly retain?: string;
}

let made = 0;

/** Returns the rows of plan_partitions() at noon of 15 May 2025, each as one text. */
async function planOf({
  partitions,
  granularity = "monthly",
  ahead = 1,
  retain,
}: Given): Promise<string[]> {
  const { sql } = database;
  const parent = `t${(made += 1)}`;
  await sql.unsafe(`create table ${parent} (at date not null) partition by range (at)`);
  for (const [name, bounds] of Object.entries(partitions)) {
    await sql.unsafe(`create table ${parent}_${name} partition of ${parent} ${bounds}`);
  }
  const rows = await sql<{ text: string }[]>`
    select replace(concat_ws(' ', state, name, lower_bound::date, upper_bound::date), ${`${parent}_`}, '') as text
    from plan_partitions(${parent}::regclass, ${granularity}, ${ahead}, ${retain ?? null}::interval, '2025-05-15 12:00Z')`;
  return rows.map(({ text }) => text);
}

const range = (from: string, to: string): string => `for values from ('${from}') to ('${to}')`;

test("a table without partitions lacks the present one and those ahead", async () => {
  expect(await planOf({ partitions: {} })).toEqual([
    "missing 2025_05 2025-05-01 2025-06-01",
    "missing 2025_06 2025-06-01 2025-07-01",
  ]);
});

test("what lies between the newest partition and the present one is missing too", async () => {
  expect(await planOf({ partitions: { a: range("2025-02-01", "2025-03-01") }, ahead: 0 })).toEqual([
    "existing a 2025-02-01 2025-03-01",
    "missing 2025_03 2025-03-01 2025-04-01",
    "missing 2025_04 2025-04-01 2025-05-01",
    "missing 2025_05 2025-05-01 2025-06-01",
  ]);
});

test("what lies between two partitions is a hole before the present, and missing after it", async () => {
  const partitions = {
    a: range("2025-01-01", "2025-02-01"),
    b: range("2025-04-01", "2025-05-01"),
    c: range("2025-07-01", "2025-08-01"),
  };
  expect(await planOf({ partitions, ahead: 2 })).toEqual([
    "existing a 2025-01-01 2025-02-01",
    "hole 2025-02-01 2025-04-01",
    "existing b 2025-04-01 2025-05-01",
    "missing 2025_05 2025-05-01 2025-06-01",
    "missing 2025_06 2025-06-01 2025-07-01",
    "existing c 2025-07-01 2025-08-01",
  ]);
});

test("a partition of other bounds is misaligned, and blocks the periods that it has a part of", async () => {
  const partitions = {
    whole: range("2025-03-01", "2025-05-01"),
    half: range("2025-05-01", "2025-06-10"),
  };
  expect(await planOf({ partitions, ahead: 2 })).toEqual([
    "misaligned whole 2025-03-01 2025-05-01",
    "misaligned half 2025-05-01 2025-06-10",
    "overlapping 2025_06 2025-06-01 2025-07-01",
    "missing 2025_07 2025-07-01 2025-08-01",
  ]);
});

test("what is older than it is kept has expired, but never the newest", async () => {
  const partitions = {
    a: range("2025-01-01", "2025-02-01"),
    b: range("2025-03-01", "2025-04-01"),
    c: range("2025-04-01", "2025-05-01"),
  };
  expect(await planOf({ partitions, ahead: 0, retain: "1 month" })).toEqual([
    "expired a 2025-01-01 2025-02-01",
    "expired b 2025-03-01 2025-04-01",
    "existing c 2025-04-01 2025-05-01",
    "missing 2025_05 2025-05-01 2025-06-01",
  ]);
  expect(await planOf({ partitions: { a: partitions.a }, ahead: 0, retain: "1 month" })).toEqual([
    "existing a 2025-01-01 2025-02-01",
    "missing 2025_04 2025-04-01 2025-05-01",
    "missing 2025_05 2025-05-01 2025-06-01",
  ]);
});

test("partitions at the ends and the default partition are named for what they are", async () => {
  const partitions = {
    head: "for values from (minvalue) to ('2025-05-01')",
    a: range("2025-05-01", "2025-06-01"),
    tail: "for values from ('2025-06-01') to (maxvalue)",
    default: "default",
  };
  const rows = await planOf({ partitions });
  expect(rows).toHaveLength(5);
  expect(rows).toEqual(
    expect.arrayContaining([
      "misaligned head -infinity 2025-05-01",
      "existing a 2025-05-01 2025-06-01",
      "missing 2025_06 2025-06-01 2025-07-01",
      "catch-all tail 2025-06-01 infinity",
      "catch-all default",
    ]),
  );
});

test.each([
  ["daily", "missing 2025_05_15 2025-05-15 2025-05-16"],
  ["weekly", "missing 2025_w20 2025-05-12 2025-05-19"],
  ["quarterly", "missing 2025_q2 2025-04-01 2025-07-01"],
  ["yearly", "missing 2025 2025-01-01 2026-01-01"],
])("%s partitions", async (granularity, row) => {
  expect(await planOf({ partitions: {}, granularity, ahead: 0 })).toEqual([row]);
});
