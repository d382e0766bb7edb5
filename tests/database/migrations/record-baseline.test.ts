import { beforeEach, expect, test } from "vitest";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabaseWithEngine();
});

async function record(version: string, checksum: string, appliedAt?: string): Promise<boolean> {
  const [row] = await database.sql<{ recorded: boolean }[]>`
    select record_baseline(${version}, 'A table', 'drop table a', 'create table a (id int)', ${checksum},
      coalesce(${appliedAt ?? null}::timestamptz, now())) as recorded`;
  return row?.recorded ?? false;
}

test("record_baseline records a migration without running it, and the second time changes nothing", async () => {
  expect(await record("001_a", "sha256:a", "2024-01-01 10:00+00")).toBe(true);
  const rows = await database.sql`select * from schema_migrations`;
  expect(rows).toMatchObject([
    {
      version: "001_a",
      description: "A table",
      applied_at: new Date("2024-01-01T10:00:00Z"),
      rollback_sql: "drop table a",
      up_sql: "create table a (id int)",
      checksum: "sha256:a",
      duration: null,
      applied_by: null,
    },
  ]);
  expect(await record("001_a", "sha256:a")).toBe(false);
  expect(await database.sql`select * from schema_migrations`).toEqual(rows);
  expect(await database.sql`select version, event, checksum from migration_events`).toEqual([
    { version: "001_a", event: "baselined", checksum: "sha256:a" },
  ]);
});

test("record_baseline refuses a version that is recorded from another text", async () => {
  await record("001_a", "sha256:a");
  await expect(record("001_a", "sha256:b")).rejects.toMatchObject({ code: "DF001" });
});

test("without a moment record_baseline takes the present one", async () => {
  await database.sql`select record_baseline('001_a', null, null, null, null)`;
  const [row] = await database.sql`
    select applied_at between now() - interval '1 minute' and clock_timestamp() as now from schema_migrations`;
  expect(row).toEqual({ now: true });
});
