import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { terminateBackend, untilBlocked } from "../../support/backends.ts";
import { runCli } from "../../support/cli.ts";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { holdLock } from "../../support/lock-holder.ts";
import { createProject, migration } from "../../support/project.ts";

// What the server shows of its own sessions to a role without pg_read_all_stats is little more than their number.
let database: TestDatabase;
let owner: string;
let other: string;

const takeMigrationLock =
  "select pg_advisory_lock(hashtextextended('doramaflix-db migrations', 0))";

beforeEach(async () => {
  // Roles go after the database in which they have privileges, so they come before it.
  [owner, other] = [await createRole(), await createRole()];
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    grant all on all tables in schema public to ${other};
    grant execute on all routines in schema public to ${other};
    grant create on schema public to ${other}, ${owner};
    create table t (id int);
    alter table t owner to ${owner}`);
});

function urlFor(user: string): string {
  return urlOf({ database: database.name, user, password: "secret" });
}

test("a run that finds the lock taken by another role says by whom, and leaves out what it may not see", async () => {
  const holder = await holdLock(urlFor(owner), takeMigrationLock);
  const project = await createProject({ "migrations/001_a.sql": migration("select 1") });
  const late = await runCli(["migrate", "--json", "--wait", "1s", "--url", urlFor(other)], {
    cwd: project,
  });
  await holder.release();
  expect(late.exitCode, late.stderr).toBe(6);
  const said = `Process ${holder.pid} of user "${owner}", "`;
  expect(late.stderr).toContain(said);
  expect(JSON.parse(late.stdout)).toMatchObject({
    error: { code: "LOCKED", detail: expect.stringContaining(said) as string },
  });
  expect(late.stderr).not.toMatch(/this host|connected since/);
});

test("an index that another role is building is not taken for what a run has left behind", async () => {
  const writer = await holdLock(database.url, "insert into t values (1)");
  const builder = openSession(urlFor(owner));
  const built = builder`create index concurrently t_id on t (id)`.then(
    () => "built",
    () => "ended",
  );
  const pid = await untilBlocked(database.sql, writer.pid);
  const leftovers = async (): Promise<string[]> => {
    const effect = { kind: "create index", relation: "t", name: "t_id" };
    const rows = await openSession(urlFor(other))<{ statement: string }[]>`
      select statement_leftovers(${JSON.stringify(effect)}::text::jsonb) as statement`;
    return rows.map(({ statement }) => statement);
  };
  expect(await leftovers()).toEqual([]);
  await terminateBackend(database.sql, pid);
  expect(await built).toBe("ended");
  expect(await leftovers()).toEqual(["drop index concurrently public.t_id"]);
  await writer.release();
});

test("sessions of other roles that queue behind a run are counted", async () => {
  const { sql, url } = database;
  const reader = await holdLock(url, "select * from t");
  const runner = openSession(urlFor(owner));
  await runner.unsafe(takeMigrationLock);
  const altered = runner`alter table t add column added int`.execute();
  const running = await untilBlocked(sql, reader.pid);
  const queued = openSession(url)`select * from t`.execute();
  await untilBlocked(sql, running);
  const query = readFileSync("sql/queries/migrations/blockers.sql", "utf8");
  expect(await openSession(urlFor(owner)).unsafe(query)).toMatchObject([
    { process_id: reader.pid, queued: 1 },
  ]);
  await reader.release();
  await Promise.all([altered, queued]);
});
