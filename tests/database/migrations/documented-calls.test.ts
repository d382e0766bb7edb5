import { beforeAll, describe, expect, test } from "vitest";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

/** Runs one statement as psql would, in a session whose search_path is the default. */
async function value(statement: string): Promise<unknown> {
  const [row] = await database.sql.unsafe(statement);
  return Object.values(row ?? {})[0];
}

test("apply_migration without SQL only records, and says false the second time", async () => {
  expect(await value("SELECT migration_applied('003_analytics_views')")).toBe(false);
  expect(await value("SELECT apply_migration('003_analytics_views', 'Add analytics tables')")).toBe(
    true,
  );
  expect(await value("SELECT apply_migration('003_analytics_views', 'Add analytics tables')")).toBe(
    false,
  );
  expect(await value("SELECT migration_applied('003_analytics_views')")).toBe(true);
  const [row] = await database.sql.unsafe(
    "select * from schema_migrations where version = '003_analytics_views'",
  );
  expect(row).toMatchObject({
    description: "Add analytics tables",
    up_sql: null,
    duration: null,
    tool_version: null,
  });
});

test("rollback_migration refuses a migration without rollback SQL and keeps it", async () => {
  await expect(value("SELECT rollback_migration('003_analytics_views')")).rejects.toMatchObject({
    code: "DF003",
  });
  expect(await value("SELECT migration_applied('003_analytics_views')")).toBe(true);
});

test("rollback_migration refuses one that is not the newest, and names the newest", async () => {
  await value(
    "SELECT apply_migration('004_a', null, 'drop table a', 'create table a (id int)', 'sha256:a')",
  );
  await value(
    "SELECT apply_migration('005_b', null, 'drop table b', 'create table b (id int)', 'sha256:b')",
  );
  await expect(value("SELECT rollback_migration('004_a')")).rejects.toMatchObject({
    code: "DF002",
    detail: '"005_b" was applied after it.',
  });
  expect(await value("SELECT rollback_migration('005_b')")).toBe(true);
  expect(await value("SELECT to_regclass('b')")).toBeNull();
  expect(await value("SELECT rollback_migration('004_a')")).toBe(true);
});

test("rollback_migration refuses a version that is not applied", async () => {
  await expect(value("SELECT rollback_migration('004_a')")).rejects.toMatchObject({
    code: "DF004",
  });
});

test("a migration that fails leaves neither objects nor a row", async () => {
  const up = "create table half (id int); select 1 / 0";
  await expect(value(`SELECT apply_migration('006_c', null, null, '${up}')`)).rejects.toMatchObject(
    { code: "22012" },
  );
  expect(await value("SELECT to_regclass('half')")).toBeNull();
  expect(await value("SELECT migration_applied('006_c')")).toBe(false);
});

test("the same version with another checksum is an error, with none it is not", async () => {
  await value("SELECT apply_migration('007_d', null, null, 'select 1', 'sha256:one')");
  await expect(
    value("SELECT apply_migration('007_d', null, null, 'select 2', 'sha256:two')"),
  ).rejects.toMatchObject({ code: "DF001" });
  expect(await value("SELECT apply_migration('007_d')")).toBe(false);
});

test("a script that ends with the call that records it can be run by the tool too", async () => {
  const up = "create table e (id int); select apply_migration(''008_e'', ''E'')";
  expect(await value(`SELECT apply_migration('008_e', 'E', 'drop table e', '${up}')`)).toBe(true);
  expect(await value("SELECT count(*)::int from schema_migrations where version = '008_e'")).toBe(
    1,
  );
});

test("the caller's search_path and role are as before, whatever the migration sets", async () => {
  await value(
    "SELECT apply_migration('009_f', null, null, 'set search_path = pg_temp; set role pg_monitor')",
  );
  expect(await value("show search_path")).toBe('"$user", public');
  expect(await value("show role")).toBe("none");
});

test("get_migration_status lists what is applied in order", async () => {
  const rows = await database.sql.unsafe("select version, reversible from get_migration_status()");
  expect(rows.map((row) => row["version"])).toEqual([
    "003_analytics_views",
    "007_d",
    "008_e",
    "009_f",
  ]);
});

test("the history keeps what was rolled back, and cannot be changed", async () => {
  const rows = await database.sql.unsafe(
    "select event from migration_events where version = '005_b' order by id",
  );
  expect(rows.map((row) => row["event"])).toEqual(["applied", "rolled back"]);
  for (const statement of [
    "delete from migration_events",
    "update migration_events set version = ''",
    "truncate migration_events",
  ]) {
    await expect(value(statement)).rejects.toMatchObject({ code: "DF008" });
  }
});

describe("privileges", () => {
  test("nothing that changes anything can be called by everyone", async () => {
    const role = await createRole();
    const sql = openSession(urlOf({ database: database.name, user: role, password: "secret" }));
    for (const call of [
      "select public.apply_migration('x')",
      "select public.rollback_migration('009_f')",
      "call public.apply_migrations('[]')",
    ]) {
      await expect(sql.unsafe(call)).rejects.toMatchObject({ code: "42501" });
    }
    const open = await database.sql.unsafe(`
      select p.oid::regprocedure::text as name from pg_proc p
      where pronamespace = 'public'::regnamespace and provolatile = 'v' and has_function_privilege('${role}', p.oid, 'execute')`);
    expect(open).toEqual([]);
  });
});
