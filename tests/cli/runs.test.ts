import { expect, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { createProject, migration, smallMigrations } from "../support/project.ts";

test("20 runs at once on an empty database end with one ledger and exit code 0", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    ...smallMigrations(5),
    "views/all_t.sql": "create materialized view all_t as select a from t1;",
  });
  const runs = await Promise.all(
    Array.from({ length: 20 }, async () => runCli(["migrate", "--url", url, "--project", project])),
  );
  expect(runs.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  expect(runs.filter(({ stdout }) => stdout.startsWith("Applied"))).toHaveLength(1);
  const [counts] = await sql.unsafe(`
    select (select count(*)::int from schema_migrations) as applied,
      (select count(*)::int from migration_events) as events,
      (select count(*)::int from schema_definitions) as definitions`);
  expect(counts).toEqual({ applied: 5, events: 5, definitions: 1 });
}, 120_000);

test("one migration cannot change what the next one sees", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_leak.sql": migration(`
      create schema elsewhere;
      set search_path = elsewhere;
      set role pg_monitor;
      reset role;
      set session_replication_role = replica;
      set timezone = 'Asia/Seoul';
      set client_min_messages = error;
      create temporary table scratch (id int);
      create table public.seen (name text, value text);
      set role pg_monitor`),
    "migrations/002_look.sql": migration(`
      insert into public.seen
      select s, current_setting(s) from unnest(array['search_path', 'role', 'session_replication_role', 'TimeZone']) s
      union all select 'scratch', to_regclass('pg_temp.scratch')::text`),
  });
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  expect(await sql.unsafe('select * from seen order by name collate "C"')).toEqual([
    { name: "TimeZone", value: "UTC" },
    { name: "role", value: "none" },
    { name: "scratch", value: null },
    { name: "search_path", value: '"$user", public' },
    { name: "session_replication_role", value: "origin" },
  ]);
});

test("pg_stat_activity names the migration that runs", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_slow.sql": migration(
      "select pg_advisory_lock(7); select pg_advisory_unlock(7)",
    ),
  });
  await sql.unsafe("select pg_advisory_lock(7)");
  const run = runCli(["migrate", "--url", url, "--project", project]);
  await expect
    .poll(
      async () =>
        sql.unsafe(
          "select application_name from pg_stat_activity where wait_event = 'advisory' and datname = current_database()",
        ),
      { timeout: 20_000 },
    )
    .toEqual([{ application_name: "doramaflix-db: 001_slow" }]);
  await sql.unsafe("select pg_advisory_unlock(7)");
  expect(await run).toMatchObject({ exitCode: 0 });
});

test("rollback of all and migrate give the same catalog as before, on the Doramaflix schema", async () => {
  const { url, sql } = await createDatabase();
  const project = new URL("../..", import.meta.url).pathname;
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  const before = await catalogFingerprint(sql);
  expect(
    await runCli(["rollback", "--steps", "5", "--url", url, "--project", project]),
  ).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select to_regclass('users') as users")).toEqual([{ users: null }]);
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  expect(await catalogFingerprint(sql)).toEqual(before);
});

test("--to stops after that version, and a later run goes on; --dry-run changes nothing", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    ...smallMigrations(3),
    "views/v.sql": "create view v as select * from t3;",
  });
  const base = ["--url", url, "--project", project];
  const before = await catalogFingerprint(sql);
  const dry = await runCli(["migrate", "--dry-run", "--json", ...base]);
  expect(JSON.parse(dry.stdout)).toMatchObject({
    dryRun: true,
    migrations: [{ version: "0001_t1" }, { version: "0002_t2" }, { version: "0003_t3" }],
    definitions: [{ path: "views/v.sql" }],
  });
  expect(await catalogFingerprint(sql)).toEqual(before);
  expect(await runCli(["migrate", "--to", "0002_t2", ...base])).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select version from schema_migrations order by applied_order")).toEqual([
    { version: "0001_t1" },
    { version: "0002_t2" },
  ]);
  expect(await runCli(["migrate", ...base])).toMatchObject({ exitCode: 0 });
  const rolled = await runCli(["rollback", "--to", "0001_t1", "--json", ...base]);
  expect(JSON.parse(rolled.stdout)).toMatchObject({
    migrations: [{ version: "0003_t3" }, { version: "0002_t2" }],
    newest: "0001_t1",
  });
});

test("statements that need no transaction run one by one, in both directions", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_table.sql": migration("create table t (id int)", "drop table t"),
    "migrations/002_index.sql":
      "-- migrate:up transaction:false\ncreate index concurrently t_id on t (id);\nvacuum t;\n" +
      "-- migrate:down transaction:false\ndrop index concurrently t_id;\n",
    "migrations/003_more.sql": migration("create table u (id int)", "drop table u"),
  });
  const base = ["--url", url, "--project", project];
  expect(await runCli(["migrate", ...base])).toMatchObject({ exitCode: 0 });
  expect(
    await sql.unsafe("select indisvalid from pg_index where indexrelid = 't_id'::regclass"),
  ).toEqual([{ indisvalid: true }]);
  expect(await runCli(["rollback", "--to", "001_table", ...base])).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select to_regclass('t_id') as index, to_regclass('u') as u")).toEqual([
    { index: null, u: null },
  ]);
});

test("rollback runs a procedure that commits where the file says transaction:false", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_call.sql":
      "-- migrate:up\ncreate table t (id int);\n" +
      "create procedure fill() language plpgsql as $$ begin insert into t values (1); commit; end $$;\n" +
      "-- migrate:down transaction:false\ncall fill();\n",
  });
  const target = ["--url", url, "--project", project];
  expect(await runCli(["migrate", ...target])).toMatchObject({ exitCode: 0 });
  expect(await runCli(["rollback", ...target])).toMatchObject({ exitCode: 0 });
  expect(await sql`select id from t`).toEqual([{ id: 1 }]);
});

test("a failure outside a transaction ends with 5 and says which statement, and the next run goes on", async () => {
  const { url } = await createDatabase();
  const project = await createProject({
    "migrations/001_half.sql":
      "-- migrate:up transaction:false\ncreate table if not exists t (id int);\n\ninsert into missing values (1);\n-- migrate:irreversible it is a test\n",
  });
  const base = ["--url", url, "--project", project];
  const failed = await runCli(["migrate", ...base]);
  expect(failed.exitCode).toBe(5);
  expect(failed.stderr).toContain("stopped at its statement 2");
  expect(failed.stderr).toContain("at migrations/001_half.sql:4:13");
});
