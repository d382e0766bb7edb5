import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    select apply_migration('001_a', 'A', 'drop table a', 'create table a (id int)', 'sha256:a');
    select apply_migration('002_b', 'B', 'drop table b', 'create table b (id int)', 'sha256:b')`);
});

const replacement = {
  version: "003_c",
  description: "C",
  up_sql: "create table c (id int)",
  rollback_sql: null,
  irreversible: "Rows would go.",
  checksum: "sha256:c",
};

async function repair(repairs: object): Promise<void> {
  await database.sql`select repair_migrations(${database.sql.json(repairs as never)})`;
}

test("repair_migrations replaces a row in its place, removes another, and keeps what both were", async () => {
  const before = await database.sql`select to_jsonb(m) as row from schema_migrations m order by 1`;
  await repair([
    { version: "001_a", replacement },
    { version: "002_b", replacement: null },
  ]);
  expect(await database.sql`select * from schema_migrations`).toMatchObject([
    { ...replacement, applied_order: "1" },
  ]);
  const events = await database.sql`
    select version, checksum, previous from migration_events where event = 'repaired' order by id`;
  expect(events).toEqual([
    { version: "003_c", checksum: "sha256:c", previous: before[0]?.["row"] as unknown },
    { version: "002_b", checksum: null, previous: before[1]?.["row"] as unknown },
  ]);
});

test("repair_migrations changes nothing where one of the migrations is not applied", async () => {
  const before = await database.sql`select * from schema_migrations`;
  const repairs = [
    { version: "001_a", replacement },
    { version: "009_x", replacement: null },
  ];
  await expect(repair(repairs)).rejects.toMatchObject({ code: "DF004" });
  expect(await database.sql`select * from schema_migrations`).toEqual(before);
});

test("the statements of a ledger that has not been upgraded yet can be read without the new columns", async () => {
  await database.sql`alter table schema_migrations drop column irreversible`;
  const text = readFileSync(
    new URL("../../../sql/queries/migrations/ledger.sql", import.meta.url),
    "utf8",
  );
  expect(await database.sql.unsafe(text)).toMatchObject([
    { version: "001_a", irreversible: null },
    { version: "002_b", irreversible: null },
  ]);
});
