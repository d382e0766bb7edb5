import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
  for (const [name, type] of Object.entries(tables)) {
    await database.sql.unsafe(`create table ${name} (at ${type} not null) partition by range (at)`);
  }
  await database.sql`insert into partition_policies (parent, granularity, key_encoding) values
    ('by_uuid', 'monthly', 'uuidv7'), ('by_second', 'monthly', 'epoch_seconds'),
    ('by_nanosecond', 'monthly', 'epoch_nanoseconds')`;
});

/** Partitioned tables, by the type of their keys. */
const tables = {
  by_date: "date",
  by_timestamp: "timestamp",
  by_timestamptz: "timestamptz",
  by_uuid: "uuid",
  by_second: "bigint",
  by_nanosecond: "bigint",
} as const;

const granularities = ["daily", "weekly", "monthly", "quarterly", "yearly"] as const;
type Granularity = (typeof granularities)[number];

/** Returns the first day of the period, computed here and not by PostgreSQL. */
function beginOf(granularity: Granularity, day: Date): Date {
  const [year, month, date] = [day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate()];
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  return new Date(
    {
      daily: Date.UTC(year, month, date),
      weekly: Date.UTC(year, month, date - sinceMonday),
      monthly: Date.UTC(year, month, 1),
      quarterly: Date.UTC(year, month - (month % 3), 1),
      yearly: Date.UTC(year, 0, 1),
    }[granularity],
  );
}

/** Returns the first day of the next period. */
function endOf(granularity: Granularity, begin: Date): Date {
  const [year, month, date] = [begin.getUTCFullYear(), begin.getUTCMonth(), begin.getUTCDate()];
  return new Date(
    {
      daily: Date.UTC(year, month, date + 1),
      weekly: Date.UTC(year, month, date + 7),
      monthly: Date.UTC(year, month + 1, 1),
      quarterly: Date.UTC(year, month + 3, 1),
      yearly: Date.UTC(year + 1, 0, 1),
    }[granularity],
  );
}

interface Created {
  readonly from: string;
  readonly to: string;
  /** Of pg_get_expr() in a session of UTC. */
  readonly bounds: string;
}

/** Creates a partition in a session of a time zone, and takes it back. */
async function createIn(
  zone: string,
  table: string,
  { granularity, day }: { readonly granularity: Granularity; readonly day: string },
): Promise<Created | undefined> {
  const { sql } = database;
  await sql.unsafe(`begin; set local timezone = '${zone}'; set local datestyle = 'German'`);
  try {
    const [created] = await sql.unsafe<{ partition: string; from: string; to: string }[]>(
      `select partition::text, to_char("from", 'YYYY-MM-DD HH24:MI:SS') as from, to_char("to", 'YYYY-MM-DD HH24:MI:SS') as to
      from create_partition('${table}', '${granularity}', '${day}')`,
    );
    await sql.unsafe("set local timezone = 'UTC'; set local datestyle = 'ISO'");
    const [row] = await sql<{ bounds: string }[]>`select pg_get_expr(relpartbound, oid) as bounds
      from pg_class where oid = ${created?.partition ?? ""}::regclass`;
    return { from: created?.from ?? "", to: created?.to ?? "", bounds: row?.bounds ?? "" };
  } finally {
    await sql`rollback`;
  }
}

function iso(day: Date): string {
  return day.toISOString().slice(0, 10);
}

const days = fc.oneof(
  fc.date({ min: new Date("1971-01-01"), max: new Date("2200-01-01"), noInvalidDate: true }),
  // The days on which clocks change in New York and Berlin, leap days, and ends of years.
  fc.constantFrom(
    ...["2025-03-09", "2025-03-30", "2025-11-02", "2024-02-29", "2000-02-29", "2100-02-28"].map(
      (day) => new Date(day),
    ),
    ...["2024-12-30", "2020-12-31", "2021-01-01", "2026-01-01"].map((day) => new Date(day)),
  ),
);
const zones = fc.constantFrom(
  "America/New_York",
  "UTC",
  "Asia/Tokyo",
  "Europe/Berlin",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
);

test("the bounds of 1,000 random partitions are those of the calendar, whatever the session's time zone", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...granularities),
      days,
      fc.tuple(zones, fc.constantFrom("by_date", "by_timestamp", "by_timestamptz")),
      async (granularity, day, [zone, table]) => {
        const begin = beginOf(granularity, day);
        const [from, to] = [begin, endOf(granularity, begin)].map(iso);
        const created = await createIn(zone, table, { granularity, day: iso(day) });
        const suffix = { by_date: "", by_timestamp: " 00:00:00", by_timestamptz: " 00:00:00+00" }[
          table
        ];
        expect(created).toEqual({
          from: `${from} 00:00:00`,
          to: `${to} 00:00:00`,
          bounds: `FOR VALUES FROM ('${from}${suffix}') TO ('${to}${suffix}')`,
        });
      },
    ),
    { numRuns: 1000 },
  );
});

describe("a key that is no time by its type", () => {
  test.each([
    [
      "by_uuid",
      "('01941f29-7c00-0000-0000-000000000000') TO ('0194bece-a000-0000-0000-000000000000')",
    ],
    ["by_second", "('1735689600') TO ('1738368000')"],
    ["by_nanosecond", "('1735689600000000000') TO ('1738368000000000000')"],
  ])("%s has the bounds of January 2025", async (table, bounds) => {
    const created = await createIn("Asia/Tokyo", table, {
      granularity: "monthly",
      day: "2025-01-15",
    });
    expect(created?.bounds).toBe(`FOR VALUES FROM ${bounds}`);
  });

  test("takes a UUID of version 7 into the partition of its time", async () => {
    const { sql } = database;
    await sql`select create_monthly_partition('by_uuid', '2025-01-01')`;
    // 2025-01-31 23:59:59.999 UTC.
    await sql`insert into by_uuid values ('0194bece-9fff-7fff-bfff-ffffffffffff')`;
    expect(await sql`select tableoid::regclass::text as partition from by_uuid`).toEqual([
      { partition: "by_uuid_2025_01" },
    ]);
  });

  test.each([
    ["by_uuid", "1969-12-01"],
    ["by_nanosecond", "2300-01-01"],
  ])("%s refuses %s, which it cannot hold", async (table, day) => {
    await expect(createIn("UTC", table, { granularity: "monthly", day })).rejects.toMatchObject({
      code: "DF025",
    });
  });
});

test("partitions that sessions of three zones create lie side by side", async () => {
  const { sql } = database;
  for (const [zone, day] of [
    ["America/New_York", "2025-03-01"],
    ["UTC", "2025-04-01"],
    ["Asia/Tokyo", "2025-05-01"],
  ]) {
    await sql.unsafe(
      `set timezone = '${zone}'; select create_monthly_partition('by_timestamptz', '${day}')`,
    );
  }
  await sql`set timezone = 'UTC'`;
  const found = await sql`select lower_bound::text as from, upper_bound::text as to
    from partitions_of('by_timestamptz') order by 1`;
  expect(found).toEqual([
    { from: "2025-03-01 00:00:00", to: "2025-04-01 00:00:00" },
    { from: "2025-04-01 00:00:00", to: "2025-05-01 00:00:00" },
    { from: "2025-05-01 00:00:00", to: "2025-06-01 00:00:00" },
  ]);
});
