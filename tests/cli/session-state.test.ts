import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase, createRole, openSession } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";

/** What a migration may leave in a session, by the words that name it. */
const leaks: Readonly<Record<string, string>> = {
  "setting work_mem": "set work_mem = '5MB'",
  "setting TimeZone": "set timezone = 'Asia/Seoul'",
  "setting lock_timeout": "set lock_timeout = '7s'",
  "setting row_security": "do $$ begin perform set_config('row_security', 'off', false); end $$",
  "search_path elsewhere": "create schema elsewhere; set search_path = elsewhere",
  "prepared statement kept": "prepare kept as select 1",
  "cursor held": "declare held cursor with hold for select 1",
  "LISTEN news": "listen news",
  "advisory lock 7": "do $$ begin perform pg_advisory_lock(7), pg_advisory_lock(7); end $$",
  "advisory lock -1, 2": "select pg_advisory_lock_shared(-1, 2)",
  "temporary table scratch": "create temporary table scratch (id int)",
  "temporary view peek": "create temporary view peek as select 1",
  "temporary function pg_temp_f":
    "create function pg_temp.pg_temp_f() returns int language sql as 'select 1'",
};

/** What a session has that a new one has not. */
const state = `
  select (select coalesce(string_agg(name || '=' || setting, ' ' order by name), '') from pg_settings
      where source = 'session' and name not in ('application_name', 'client_min_messages', 'lock_timeout', 'statement_timeout',
        'transaction_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'client_connection_check_interval')) as settings,
    (select count(*)::int from pg_prepared_statements where from_sql) as prepared,
    (select count(*)::int from pg_cursors where is_holdable) as cursors,
    (select count(*)::int from pg_listening_channels()) as channels,
    (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 2) +
      (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objid = 7) as locks,
    (select count(*)::int from pg_class where relnamespace = pg_my_temp_schema()) as temporary,
    current_user as "user", current_setting('search_path') as path, current_setting('lock_timeout') as lock_timeout`;

test.each(Object.entries(leaks))(
  "%s is named, and gone for the next migration",
  async (name, statement) => {
    const { url, sql } = await createDatabase();
    await sql.unsafe(`create table state as ${state}`);
    const project = await createProject({
      "migrations/001_before.sql": migration(`truncate state; insert into state ${state}`),
      "migrations/002_leak.sql": migration(statement),
      "migrations/003_after.sql": migration(`insert into state ${state}`),
    });
    const { exitCode, stderr } = await runCli(["migrate", "--url", url, "--project", project]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      `warning: Migration "002_leak" left in the session: ${name}. All of it was taken away again.`,
    );
    expect(stderr.match(/warning:/g)).toHaveLength(1);
    const [before, after] = await sql.unsafe("select * from state");
    expect(after).toEqual(before);
  },
);

test("a role that a migration takes on is given back, and named", async () => {
  const role = await createRole();
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_role.sql": migration(`set role ${role}`),
    "migrations/002_session.sql": migration(`set session authorization ${role}`),
    "migrations/003_after.sql": migration(
      "create table who as select current_user::text as name, session_user::text as login",
    ),
  });
  const { exitCode, stderr } = await runCli(["migrate", "--url", url, "--project", project]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`"001_role" left in the session: role ${role}.`);
  expect(stderr).toContain(`"002_session" left in the session: session authorization ${role}`);
  expect(await sql`select name = session_user and login = session_user as ours from who`).toEqual([
    { ours: true },
  ]);
});

test("what ends with the transaction is no leak", async () => {
  const { url } = await createDatabase();
  const project = await createProject({
    "migrations/001_local.sql": migration(
      "set local work_mem = '5MB'; set local search_path = pg_catalog; set local role pg_monitor; reset role;\n" +
        "select pg_advisory_xact_lock(7); create temporary table scratch (id int) on commit drop; set local lock_timeout = '1s'",
    ),
  });
  const { exitCode, stderr } = await runCli(["migrate", "--url", url, "--project", project]);
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain("warning");
});

const locksHeld = `select exists (
  select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1) as held`;

test("a migration that releases the migration lock loses it for no longer than a moment", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({
    "migrations/001_release.sql": migration("do 'begin perform pg_advisory_unlock_all(); end'"),
    "migrations/002_look.sql": migration(`create table held as ${locksHeld}`),
  });
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  expect(await sql`select held from held`).toEqual([{ held: true }]);
});

test("without the lock, the batch from another client takes it; while somebody has it, it is refused", async () => {
  const { url, sql } = await createDatabase();
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  const batch = `call apply_migrations('[{"version": "002_b", "statements": ["select 1"]}]')`;
  await sql`select pg_advisory_lock(hashtextextended('doramaflix-db migrations', 0))`;
  const other = openSession(url);
  await expect(other.unsafe(batch)).rejects.toMatchObject({ code: "DF009" });
  await sql`select pg_advisory_unlock_all()`;
  await other.unsafe(batch);
  expect(await other.unsafe(locksHeld)).toEqual([{ held: true }]);
});
