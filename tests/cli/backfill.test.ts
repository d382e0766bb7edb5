import { beforeAll, describe, expect, test, vi } from "vitest";
import { runCli, startCli, type CliResult, type CliRun } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject, writeFiles } from "../support/project.ts";

let database: TestDatabase;
let project: string;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
  project = await createProject({});
});

/** Creates a table with rows 1 to `rows`, and a file of that name that adds 1 to `n` of each. */
async function prepare(name: string, rows: number, condition = "true"): Promise<string> {
  await database.sql.unsafe(
    `create table ${name} (id bigint primary key, n int not null default 0, a text);
     insert into ${name} (id) select generate_series(1, ${rows})`,
  );
  const path = `${name}.sql`;
  await writeFiles(project, {
    [path]: `UPDATE ${name} SET n = n + 1\nWHERE id BETWEEN :'batch_from' AND :'batch_to' AND ${condition};\n`,
  });
  return path;
}

function start(...args: string[]): CliRun {
  return startCli(["backfill", ...args], { cwd: project, env: { DATABASE_URL: database.url } });
}

async function run(...args: string[]): Promise<CliResult> {
  return start(...args).result;
}

/** How often rows were changed, and how many so often. */
async function changes(table: string): Promise<unknown> {
  return database.sql.unsafe(`select n, count(*)::int as rows from ${table} group by n order by n`);
}

test("a run changes every row once, and a second one nothing", async () => {
  const path = await prepare("plain", 2500);
  const planned = await run(path, "--dry-run");
  expect(planned).toMatchObject({ exitCode: 0, stderr: "" });
  expect(planned.stdout).toMatch(
    /^Backfill "plain" goes through table "plain" by "id" \(index plain_pkey\) from the first key to key 2500\.$/m,
  );
  expect(planned.stdout).toContain("Update on plain");
  expect(await changes("plain")).toEqual([{ n: 0, rows: 2500 }]);
  expect(await database.sql`select from backfills where name = 'plain'`).toEqual([]);

  const first = await run(path, "--batch", "1000", "--batch-time", "0");
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(
    /^Finished backfill "plain" on "plain": 2500 rows changed of 2500, in 3 batches and /,
  );
  const second = await run(path);
  expect(second).toMatchObject({ exitCode: 0 });
  expect(second.stdout).toMatch(/^Nothing to do: backfill "plain" was finished at /);
  expect(await changes("plain")).toEqual([{ n: 1, rows: 2500 }]);

  expect(await run(path, "--restart")).toMatchObject({ exitCode: 0 });
  expect(await changes("plain")).toEqual([{ n: 2, rows: 2500 }]);
  expect((await run("--status")).stdout).toMatch(/^plain +finished +100 % +2500/m);
});

test("SIGINT ends after the batch in hand, and the next run goes on there", async () => {
  const path = await prepare("stopped", 1000, "(select pg_sleep(0.2)) is not null");
  const { child, result } = start(path, "--batch", "100", "--batch-time", "0");
  await vi.waitUntil(
    async () =>
      (await database.sql`select from backfills where name = 'stopped' and batches > 1`).length > 0,
    { timeout: 60_000, interval: 10 },
  );
  child.kill("SIGINT");
  const { exitCode, stderr } = await result;
  expect(exitCode).toBe(130);
  expect(stderr).toMatch(/^ {2}\d+ batches with \d+00 rows are done and committed\.$/m);
  const [row] = await database.sql<{ rows: number }[]>`
    select rows_changed::int as rows from backfills where name = 'stopped'`;
  expect(row?.rows).toBeLessThan(1000);
  expect(await changes("stopped")).toEqual([
    { n: 0, rows: 1000 - (row?.rows ?? 0) },
    { n: 1, rows: row?.rows },
  ]);
  const status = await run("--status");
  expect(status.stdout).toMatch(/^stopped +stopped +\d+ %/m);

  // Meanwhile the file is changed: what has run would not fit the rest.
  await writeFiles(project, {
    "stopped.sql":
      "UPDATE stopped SET n = n + 1, a = 'new' WHERE id BETWEEN :'batch_from' AND :'batch_to';",
  });
  for (const more of [[], ["--dry-run"]]) {
    const refused = await run(path, ...more);
    expect(refused.exitCode).toBe(7);
    expect(refused.stderr).toContain("(BACKFILL_CHANGED)");
  }
  expect(await run(path, "--accept-changed")).toMatchObject({ exitCode: 0 });
  expect(await changes("stopped")).toEqual([{ n: 1, rows: 1000 }]);
  expect(await database.sql`select count(*)::int from stopped where a = 'new'`).toEqual([
    { count: 1000 - (row?.rows ?? 0) },
  ]);
});

test("of two at once one works, and the other leaves", async () => {
  const path = await prepare("twice", 1000);
  const other = openSession(database.url);
  await other`select pg_advisory_lock(hashtext('doramaflix-db backfill'), hashtext('twice'))`;
  const refused = await run(path);
  expect(refused.exitCode).toBe(6);
  expect(refused.stderr).toContain('Another run is working on backfill "twice".');
  expect(await changes("twice")).toEqual([{ n: 0, rows: 1000 }]);
  await other`select pg_advisory_unlock_all()`;
  const both = await Promise.all([run(path, "--batch", "10"), run(path, "--batch", "10")]);
  expect(both.map(({ exitCode }) => exitCode)).toContain(0);
  expect(await changes("twice")).toEqual([{ n: 1, rows: 1000 }]);
});

test("a row that stays locked ends the run, and what was done before stays", async () => {
  const path = await prepare("locked", 1000);
  const holder = await holdLock(database.url, "update locked set a = 'mine' where id = 950");
  const failed = await run(
    path,
    "--batch",
    "100",
    "--batch-time",
    "0",
    "--lock-timeout",
    "50ms",
    "--lock-retries",
    "2",
  );
  expect(failed.exitCode).toBe(8);
  expect(failed.stderr).toContain("trying half as many rows in");
  expect(failed.stderr).toContain("(BACKFILL_FAILED, SQLSTATE 55P03)");
  expect(failed.stderr).toContain("rows before it are done.");
  await holder.release();
  expect(await run(path)).toMatchObject({ exitCode: 0 });
  expect(await changes("locked")).toEqual([{ n: 1, rows: 1000 }]);
});

test("a session that waits for a row of a batch makes the next ones smaller", async () => {
  const path = await prepare("in_the_way", 400, "pg_sleep(0.01) is not null");
  const { child, result } = start(path, "--batch", "100", "--json");
  // Sooner or later one of these rows is in the batch in hand, which keeps it until its end.
  const other = openSession(database.url);
  for (let place = 0; child.exitCode === null; place += 37)
    await other`update in_the_way set a = 'b' where id = ${(place % 400) + 1}`;
  const { exitCode, stdout } = await result;
  expect(exitCode).toBe(0);
  const { run: ran } = JSON.parse(stdout) as { run: { batchesInTheWay: number; batches: number } };
  expect(ran.batchesInTheWay).toBeGreaterThan(0);
  expect(ran.batches).toBeGreaterThan(4);
  expect(await changes("in_the_way")).toEqual([{ n: 1, rows: 400 }]);
});

test("the run pauses while sessions wait for locks of others", async () => {
  const path = await prepare("pausing", 100);
  await database.sql`create table other ()`;
  const holder = await holdLock(database.url, "lock table other");
  const waiting = openSession(database.url)`select from other`.execute();
  await vi.waitUntil(
    async () =>
      (await database.sql`select from pg_locks where not granted and relation = 'other'::regclass`)
        .length > 0,
    { timeout: 60_000 },
  );
  const { child, result } = start(path, "--max-waiting", "0", "--json");
  let said = "";
  child.stderr?.on("data", (text: string) => (said += text));
  await vi.waitUntil(() => said.includes("Pausing: 1 session of this database"), {
    timeout: 60_000,
  });
  expect(await changes("pausing")).toEqual([{ n: 0, rows: 100 }]);
  await holder.release();
  await waiting;
  const { exitCode, stdout } = await result;
  expect(exitCode).toBe(0);
  const { run: ran } = JSON.parse(stdout) as { run: { heldBack: number } };
  expect(ran.heldBack).toBeGreaterThan(0);
});

test("a batch that fails shows the place, and nothing of it stays", async () => {
  await database.sql`create table failing (id int primary key, n int)`;
  await database.sql`insert into failing select g, 150 - g from generate_series(1, 200) g`;
  await writeFiles(project, {
    "failing.sql":
      "-- 드라마\nupdate failing\nset n = 100 / n\nwhere id between :'batch_from' and :'batch_to'",
    "unplanned.sql": "update failing\nset m = 1 where id between :'batch_from' and :'batch_to'",
  });
  const failed = await run("failing.sql", "--batch", "100", "--batch-time", "0");
  expect(failed.exitCode).toBe(8);
  expect(failed.stderr).toContain("division by zero");
  expect(failed.stderr).toContain(
    "The batch after key 100 was rolled back; 100 rows before it are done.",
  );
  const unplanned = await run("unplanned.sql");
  expect(unplanned.exitCode).toBe(8);
  expect(unplanned.stderr).toContain("at unplanned.sql:2:5");
  expect(unplanned.stderr).toContain("nothing is changed");
  // A backfill that has done nothing may be corrected at will.
  await writeFiles(project, {
    "unplanned.sql": "update failing set n = 7 where id between :'batch_from' and :'batch_to'",
  });
  expect(await run("unplanned.sql")).toMatchObject({ exitCode: 0 });
});

test("DELETE and INSERT with variables, odd names and another key", async () => {
  await database.sql.unsafe(
    `create schema "S p"; create table "S p"."T ü" (id uuid primary key, "At" timestamptz not null, a text);
     create index on "S p"."T ü" ("At");
     insert into "S p"."T ü" select gen_random_uuid(), '2026-01-01'::timestamptz + g * interval '1 hour', g from generate_series(1, 300) g;
     create table copies (a text, b text)`,
  );
  await writeFiles(project, {
    "doramaflix-db.json": JSON.stringify({ variables: { mark: "it's $1" } }),
    "copy.sql": `-- backfill:table "S p"."T ü"\n-- backfill:key At\ninsert into copies select a, :'mark' from "S p"."T ü" where "At" between :'batch_from' and :'batch_to';`,
    "remove.sql": `delete from "S p"."T ü" where id between :'batch_from' and :'batch_to'`,
  });
  expect(await run("copy.sql", "--batch", "70")).toMatchObject({ exitCode: 0 });
  expect(
    await database.sql`select b, count(distinct a)::int, count(*)::int as all from copies group by b`,
  ).toEqual([{ b: "it's $1", count: 300, all: 300 }]);
  const unasked = await run("remove.sql", "--batch", "70");
  expect(unasked).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("Add --yes") as string,
  });
  expect(await database.sql`select count(*)::int from "S p"."T ü"`).toEqual([{ count: 300 }]);
  expect(await run("remove.sql", "--batch", "70", "--yes")).toMatchObject({ exitCode: 0 });
  expect(await database.sql`select from "S p"."T ü"`).toEqual([]);
  expect((await run("remove.sql")).stdout).toMatch(/^Nothing to do/);
});

describe("refused before anything runs:", () => {
  test.for([
    ["no file", "missing.sql", undefined, 2, "BACKFILL_FILE_INVALID"],
    ["an empty file", "a.sql", "-- nothing\n", 2, "The file has no statement."],
    [
      "two statements",
      "a.sql",
      "delete from p where id between :'batch_from' and :'batch_to'; select 1",
      2,
      "A second statement begins here.",
    ],
    ["a SELECT", "a.sql", "select :'batch_from', :'batch_to'", 2, "The statement changes no rows."],
    ["no SQL", "a.sql", "updat p", 2, "MIGRATION_SYNTAX"],
    ["no bounds", "a.sql", "delete from p", 2, "id BETWEEN :'batch_from' AND :'batch_to'"],
    [
      "a bound left out",
      "a.sql",
      "delete from p where id >= :'batch_from' and id < :'batch_to'",
      2,
      "With < or > a row at a bound would be missed.",
    ],
    [
      "a change of the key",
      "a.sql",
      "update p set id = -id where id between :'batch_from' and :'batch_to'",
      2,
      'changes "id"',
    ],
    [
      "an unknown variable",
      "a.sql",
      "delete from p where id between :'from' and :'batch_to'",
      2,
      "VARIABLE_UNDEFINED",
    ],
    [
      "an unknown directive",
      "a.sql",
      "-- backfill:tabel p\ndelete from p where id between :'batch_from' and :'batch_to'",
      2,
      'no directive "-- backfill:tabel"',
    ],
    [
      "an INSERT without a table to go through",
      "a.sql",
      "insert into p select 1 where id between :'batch_from' and :'batch_to'",
      2,
      "does not say which table",
    ],
    [
      "no such table",
      "a.sql",
      "delete from q where id between :'batch_from' and :'batch_to'",
      8,
      "There is no table",
    ],
    [
      "a key without an index",
      "a.sql",
      "-- backfill:key n\ndelete from p where n between :'batch_from' and :'batch_to'",
      8,
      "create index concurrently on public.p (n);",
    ],
  ] as const)("%s", async ([, path, text, exitCode, said]) => {
    await database.sql`create table if not exists p (id int primary key, n int)`;
    if (text !== undefined) await writeFiles(project, { [path]: text });
    const result = await run(path);
    expect(result.stderr).toContain(said);
    expect(result.exitCode).toBe(exitCode);
    expect(await database.sql`select from backfills where name = 'a'`).toEqual([]);
  });

  test.for([
    [["--batch", "0"], "--batch takes a whole number"],
    [["--batch-time", "5"], "--batch-time takes a duration"],
    [["--restart", "--accept-changed"], "exclude each other"],
  ] as const)("%s", async ([args, said]) => {
    const result = await run("a.sql", ...args);
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) as string });
  });

  test("no file at all", async () => {
    expect(await run()).toMatchObject({ exitCode: 2 });
  });
});

test("a database without the engine is named, and so is a user without rights", async () => {
  const path = await prepare("rights", 10);
  const { url } = await createDatabase();
  const none = await runCli(["backfill", path, "--url", url], { cwd: project });
  expect(none).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("ENGINE_MISSING") as string,
  });
  const user = await createRole();
  const address = new URL(urlOf({ database: database.name, user, password: "secret" })).href;
  const refused = await runCli(["backfill", path, "--url", address], { cwd: project });
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toContain("permission denied");
  expect(await changes("rights")).toEqual([{ n: 0, rows: 10 }]);
});

test("an empty table is finished at once", async () => {
  const path = await prepare("empty", 0);
  expect((await run(path, "--dry-run")).stdout).toContain("is empty; nothing is to be done.");
  const { exitCode, stdout } = await run(path);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("0 rows changed of 0, in 0 batches");
});
