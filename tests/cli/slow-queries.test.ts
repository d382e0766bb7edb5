import type postgres from "postgres";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type {
  Note,
  SlowQueriesResult,
  SlowQueryResult,
  StatementReport,
} from "../../src/slow-queries/results.ts";
import { untilBlocked } from "../support/backends.ts";
import { runCli, startCli } from "../support/cli.ts";
import {
  createDatabase,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { startPooler } from "../support/pgbouncer.ts";
import { isMissing } from "../support/requirements.ts";
import { runInTerminal } from "../support/terminal.ts";
import { startThrowawayServer, type ThrowawayServer } from "../support/throwaway-server.ts";

/** What is awaited by running the program takes longer than the second that is given by default. */
const patience = { timeout: 60_000 };

let statistics: TestDatabase;

beforeAll(async () => {
  statistics = await createDatabase();
  await statistics.sql`create extension pg_stat_statements`;
});

beforeEach(async () => {
  // Only of this database: another test may look for a statement of its own meanwhile.
  await statistics.sql`select pg_stat_statements_reset(0, oid, 0) from pg_database where datname = current_database()`;
});

async function slowQueries(url: string, ...options: string[]): Promise<SlowQueriesResult> {
  const { exitCode, stdout, stderr } = await runCli(
    ["slow-queries", "--json", "--url", url, ...options],
    {},
  );
  expect({ exitCode, error: /error: .*/.exec(stderr)?.[0] }).toEqual({ exitCode: 0 });
  return JSON.parse(stdout) as SlowQueriesResult;
}

function noteOf({ notes }: SlowQueriesResult, name: Note["name"]): Note | undefined {
  return notes.find((note) => note.name === name);
}

/** The statements of which the text has some words. */
function withText(result: SlowQueriesResult, words: string): StatementReport[] {
  return (result.statements?.statements ?? []).filter(({ query }) => query?.includes(words));
}

async function run(url: string, ...statements: string[]): Promise<void> {
  const sql = openSession(url);
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

/** Does what a note says, as its reader would: each line by itself, and a restart where it asks for one. */
async function apply(server: ThrowawayServer, note: Note | undefined): Promise<void> {
  const cure = note?.cure ?? "";
  await run(server.url, ...cure.split("\n").map((line) => line.replace(/ --.*$/, "")));
  if (cure.includes("restart")) await restart(server);
}

async function restart(server: ThrowawayServer): Promise<void> {
  await run(server.url, "checkpoint");
  await server.shutDownImmediately();
  await server.start();
}

test("a server as it comes shows what runs, and counts statements when what the notes say has been done", async () => {
  const server = await startThrowawayServer();
  const { url } = server;
  await run(url, "alter system set shared_preload_libraries = 'auto_explain'");
  await restart(server);
  const bare = await slowQueries(url);
  expect(bare).toMatchObject({ statements: null, running: [] });
  expect(noteOf(bare, "not_preloaded")?.cure).toContain('"auto_explain", "pg_stat_statements"');
  const sampled = await runCli(["slow-queries", "--sample", "1h", "--url", url]);
  expect(sampled.exitCode).toBe(3);
  expect(sampled.stderr).toContain("(STATISTICS_MISSING)");

  await apply(server, noteOf(bare, "not_preloaded"));
  expect((await slowQueries(url)).notes).toEqual([]);
  await run(url, "drop extension pg_stat_statements");
  await apply(server, noteOf(await slowQueries(url), "not_created"));
  expect((await slowQueries(url)).notes).toEqual([]);

  // Created, and its module not loaded, though the configuration has a value of it.
  await run(
    url,
    "alter system reset shared_preload_libraries",
    "alter system set pg_stat_statements.max = 100",
  );
  await restart(server);
  const unloaded = await slowQueries(url);
  expect(unloaded.notes.map(({ name }) => name)).toEqual(["not_preloaded"]);
  expect(unloaded.notes[0]?.cure).not.toContain("CREATE EXTENSION");
  await apply(server, unloaded.notes[0]);

  // Now there is room for 100 statements.
  await run(
    url,
    ...Array.from(
      { length: 150 },
      (_, n) =>
        `select ${Array(n + 1)
          .fill("1")
          .join(", ")}`,
    ),
  );
  const crowded = await slowQueries(url);
  expect(crowded.statements?.evictions).toBeGreaterThan(0);
  expect(crowded.statements?.maxEntries).toBe(100);
  await apply(server, noteOf(crowded, "evictions"));
  expect((await slowQueries(url)).statements?.maxEntries).toBe(200);

  for (const [setting, value] of [
    ["compute_query_id", "off"],
    ["pg_stat_statements.track", "none"],
  ] as const) {
    await run(url, `alter system set ${setting} = ${value}`, "select pg_reload_conf()");
    const uncounted = await vi.waitUntil(async () => {
      const result = await slowQueries(url);
      return noteOf(result, "nothing_counted");
    }, patience);
    await apply(server, uncounted);
    await expect
      .poll(async () => noteOf(await slowQueries(url), "nothing_counted"), patience)
      .toBe(undefined);
  }

  // The same server as a standby.
  await run(
    url,
    `do $$ begin execute format('copy (select 1) to %L', current_setting('data_directory') || '/standby.signal'); end $$`,
  );
  await restart(server);
  const standby = await slowQueries(url);
  expect(standby).toMatchObject({ isStandby: true });
  expect(standby.statements).not.toBe(null);
}, 300_000);

function slowFor(seconds: number): string {
  return `select pg_sleep(${seconds}) as slow_on_purpose`;
}

/** The only one of several; fails where there are more or less. */
function only<Each>(all: readonly Each[]): Each {
  const [each] = all;
  if (each === undefined || all.length > 1) throw new Error(`There are ${all.length} of them.`);
  return each;
}

describe("with the extension", { timeout: 180_000 }, () => {
  let database: TestDatabase;
  let url: string;
  let sql: postgres.Sql;

  beforeAll(async () => {
    database = await createDatabase();
    ({ url, sql } = database);
    await sql.unsafe("create extension pg_stat_statements");
    await sql.unsafe("create table stock (id int primary key, amount int)");
    await sql.unsafe("insert into stock select n, 0 from generate_series(1, 1000) n");
  });

  test("sessions are shown with their age, and who waits for whom with the line to end it", async () => {
    const holder = await holdLock(url, "update stock set amount = 1 where id = 7");
    onTestFinished(async () => holder.release());
    const blocked = openSession(`${url}?application_name=shop%20worker`);
    const update = blocked.unsafe("update stock\n\tset amount = 2 where id = 7").execute();
    const waiting = await untilBlocked(sql, holder.pid);
    const { running } = await slowQueries(url, "--database", database.name);
    expect(running.map(({ processId }) => processId)).toEqual([holder.pid, waiting]);
    expect(running).toMatchObject([
      { state: "idle in transaction", blockedBy: [], query: expect.stringContaining("amount = 1") },
      {
        state: "active",
        application: "shop worker",
        waitEventType: "Lock",
        waitEvent: "transactionid",
        blockedBy: [holder.pid],
      },
    ]);
    expect(running[0]?.age).toBeGreaterThanOrEqual(running[1]?.age ?? Infinity);

    const { stdout } = await runCli(["slow-queries", "--url", url, "--database", database.name]);
    expect(stdout).toContain("Running now: 1 statement, 1 idle transaction");
    expect(stdout).toContain("    update stock set amount = 2 where id = 7\n");
    expect(stdout).toMatch(
      new RegExp(`Blocking: ${holder.pid} \\(idle in transaction for .+\\) ← ${waiting}\n`),
    );
    const cure = /to end it: (SELECT .+;)/.exec(stdout)?.[1] ?? "";
    await sql.unsafe(cure);
    await update;
    await holder.release();
    await expect
      .poll(async () => (await slowQueries(url, "--database", database.name)).running, patience)
      .toEqual([]);
    const quiet = await runCli(["slow-queries", "--url", url, "--database", database.name]);
    expect(quiet.stdout).toContain("Running now: nothing");
  });

  test("a line of waiting sessions is shown as one", async () => {
    const holder = await holdLock(url, "lock table stock");
    onTestFinished(async () => holder.release());
    const names: number[] = [];
    const updates: Promise<unknown>[] = [];
    for (let n = 0; n < 2; n += 1) {
      const session = openSession(url);
      const [row] = await session.unsafe<{ pid: number }[]>("select pg_backend_pid() as pid");
      names.push(row?.pid ?? 0);
      updates.push(session.unsafe("begin; lock table stock; commit").execute());
      const last = names.at(-1) ?? 0;
      await vi.waitUntil(async () => {
        const [{ waits } = { waits: 0 }] = await sql<{ waits: number }[]>`
          select cardinality(pg_blocking_pids(${last})) as waits`;
        return waits > 0;
      }, patience);
    }
    const { stdout } = await runCli(["slow-queries", "--url", url, "--database", database.name]);
    expect(stdout).toContain(`← ${names[0]} ← ${names[1]}\n`);
    await holder.release();
    await Promise.all(updates);
  });

  test("who may not see others' statements learns how much is hidden, and sees it after the statement that is shown", async () => {
    const user = await createRole();
    const own = urlOf({ database: database.name, user, password: "secret" });
    await sql.unsafe("select count(*) as hidden_from_others from stock");
    await run(own, "select 1 as seen_by_its_owner");
    const holder = await holdLock(url, "select 2");
    onTestFinished(async () => holder.release());
    const before = await slowQueries(own, "--limit", "9999");
    expect(before.running).toEqual([]);
    expect(noteOf(before, "hidden_statements")?.message).toMatch(
      /\d+ statements .*\d+% of the time/,
    );
    expect(before.statements?.hidden.statements).toBeGreaterThan(0);
    expect(withText(before, "hidden_from_others")).toEqual([]);
    expect(withText(before, "seen_by_its_owner")).toHaveLength(1);
    await sql.unsafe(noteOf(before, "hidden_statements")?.cure ?? "");
    const after = await slowQueries(own, "--limit", "9999");
    expect(after.notes).toEqual([]);
    expect(after.statements?.hidden.statements).toBe(0);
    expect(withText(after, "hidden_from_others")).toHaveLength(1);
    expect(after.running.map(({ processId }) => processId)).toContain(holder.pid);
    await holder.release();

    const monitor = await createRole("in role pg_monitor");
    const seen = await slowQueries(
      urlOf({ database: database.name, user: monitor, password: "secret" }),
    );
    expect(seen.notes).toEqual([]);
  });

  test("what only controls a session is summed up, as is what this tool has sent", async () => {
    const session = openSession(url);
    for (let n = 0; n < 200; n += 1)
      await session.unsafe(`begin; set local work_mem = '${n + 64}kB'; commit`);
    await session.unsafe("select amount as an_ordinary_statement from stock where id = 1");
    const calls = ["--sort", "calls", "--database", database.name];
    const { statements } = await slowQueries(url, ...calls, "--limit", "9999");
    expect(statements?.utility.calls).toBeGreaterThanOrEqual(600);
    expect(statements?.own.calls).toBeGreaterThan(0);
    const texts = statements?.statements.map(({ query }) => query ?? "") ?? [];
    expect(texts.filter((text) => /^(?:begin|commit|set)\b|doramaflix-db/i.test(text))).toEqual([]);
    expect(texts).toContain("select amount as an_ordinary_statement from stock where id = $1");
    const first = await slowQueries(url, ...calls, "--limit", "1");
    expect(first.statements?.statements).toHaveLength(1);
    expect(first.statements?.statements[0]?.query).not.toBe(null);
    const { stdout } = await runCli(["slow-queries", "--url", url, ...calls]);
    expect(stdout).toMatch(/Not listed: SET, BEGIN, COMMIT and the like .*, this tool /);
  });

  test("two databases are told apart, and a name that is none is an error of usage", async () => {
    const other = await createDatabase();
    await other.sql.unsafe("select 1.5, 'x'::text as in_both_databases");
    await sql.unsafe("select 1.5, 'x'::text as in_both_databases");
    const all = await slowQueries(url, "--limit", "9999");
    const names = withText(all, "in_both_databases").map((each) => each.database);
    expect(new Set(names)).toEqual(new Set([database.name, other.name]));
    const one = await slowQueries(url, "--limit", "9999", "--database", other.name);
    expect(withText(one, "in_both_databases").map((each) => each.database)).toEqual([other.name]);
    expect(one.statements?.statements.every((each) => each.database === other.name)).toBe(true);
    for (const option of ["--database", "--user"]) {
      const wrong = await runCli(["slow-queries", "--url", url, option, "no_such_name"]);
      expect(wrong).toMatchObject({ exitCode: 2 });
      expect(wrong.stderr).toContain("It has ");
    }
    const nobody = await slowQueries(url, "--user", await createRole());
    expect(nobody.statements?.statements).toEqual([]);
  });

  test("no text moves the cursor of a terminal", async () => {
    const text = `select 'a' as "드라마 😀", 'b' as "\u001b[31m\u0007",\n\t1 as "\r\u009b2J"`;
    await sql.unsafe(text);
    await sql.unsafe(`select pg_sleep(0.5), ${text.slice("select ".length)}`);
    const given = ["slow-queries", "--url", url, "--database", database.name, "--sort", "mean"];
    const { stdout } = await runCli(given);
    const line = stdout.split("\n").find((each) => each.includes("드라마 😀"));
    expect(line).toMatch(/^ {4}select pg_sleep\(\$1\), \$2 as "드라마 😀", .* \$\d as /);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const result = await slowQueries(url, "--database", database.name, "--sort", "mean");
    const [worst] = withText(result, "드라마");
    expect(worst?.query).toContain("\u001b[31m\u0007");
    const whole = await runCli(["slow-queries", "--url", url, "--query", worst?.queryId ?? ""]);
    expect(whole.stdout).toContain("\n\t$");
    // oxlint-disable-next-line no-control-regex
    expect(whole.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });

  test.skipIf(isMissing("script")).each([80, 160])(
    "on a terminal of %i columns no line is broken within a word",
    async (columns) => {
      await sql.unsafe(
        `select pg_sleep(0.2), '드라마 😀' as "드라마 😀 \u001b[31m", 1.5 as "${"x".repeat(63)}"`,
      );
      const given = ["slow-queries", "--url", url, "--database", database.name, "--sort", "mean"];
      const { screen } = await runInTerminal(given, { columns, cwd: "/" });
      expect(screen).not.toContain("↩");
      expect(screen).toContain('select pg_sleep($1), $2 as "드라마 😀');
    },
  );

  test("a statement that is slow during a sample comes first, with the figures of that time", async () => {
    for (let n = 0; n < 50; n += 1) await sql.unsafe(slowFor(0.001));
    const cumulated = only(withText(await slowQueries(url, "--limit", "9999"), "slow_on_purpose"));
    expect(cumulated.calls).toBe(50);

    const sample = ["slow-queries", "--json", "--url", url, "--database", database.name];
    const running = startCli([...sample, "--sample", "10min"]);
    await new Promise((resolve) => running.child.stderr?.once("data", resolve));
    for (let n = 0; n < 5; n += 1) await sql.unsafe(slowFor(0.2));
    running.child.kill("SIGINT");
    const { exitCode, stdout } = await running.result;
    expect(exitCode).toBe(130);
    const { statements } = JSON.parse(stdout) as SlowQueriesResult;
    expect(statements).toMatchObject({ source: "sample", wasInterrupted: true });
    const first = only(statements?.statements.slice(0, 1) ?? []);
    expect(first).toMatchObject({
      query: "select pg_sleep($1) as slow_on_purpose",
      calls: 5,
      max: null,
    });
    expect(first.mean).toBeGreaterThanOrEqual(200);
    expect(first.mean / cumulated.mean).toBeGreaterThan(5);
    // The 50 calls before make it larger in the whole.
    const whole = only(withText(await slowQueries(url, "--limit", "9999"), "slow_on_purpose"));
    expect(whole.calls).toBe(55);
    expect(first.standardDeviation).toBeLessThan(whole.standardDeviation ?? 0);

    const idle = await slowQueries(url, "--sample", "50ms", "--database", database.name);
    expect(withText(idle, "slow_on_purpose")).toEqual([]);
    expect(idle.statements).toMatchObject({ source: "sample", wasInterrupted: false });
  });

  test("--query shows a statement whole, for each role and database", async () => {
    const user = await createRole();
    await sql.unsafe(`grant select on stock to ${user}`);
    const own = urlOf({ database: database.name, user, password: "secret" });
    const long = `select sum(amount) as whole_text,\n${"  -- 드라마\n".repeat(100)}  1 from stock`;
    await sql.unsafe(long);
    await run(own, long, long);
    const [found] = withText(await slowQueries(url, "--limit", "9999"), "whole_text");
    const { exitCode, stdout } = await runCli([
      "slow-queries",
      "--json",
      "--url",
      url,
      "--query",
      found?.queryId ?? "",
    ]);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as SlowQueryResult;
    expect(result.query).toBe(long.replace("  1 from", "  $1 from"));
    expect(result.figures).toMatchObject({ calls: 3, rows: 3, rowsPerCall: 1 });
    expect(new Map(result.entries.map((each) => [each.user, each.calls]))).toEqual(
      new Map([
        [new URL(url).username, 1],
        [user, 2],
      ]),
    );
    await sql.unsafe(`drop owned by ${user}`);
  });

  test("what --sort needs and is not measured is told", async () => {
    const planning = await slowQueries(url, "--sort", "planning");
    expect(noteOf(planning, "track_planning")?.cure).toContain("track_planning = on");
    const io = await slowQueries(url, "--sort", "io");
    expect(noteOf(io, "track_io_timing")?.cure).toContain("track_io_timing = on");
  });

  test("a database that takes no changes will do", async () => {
    const { name, url: readOnly, sql: session } = await createDatabase();
    await session.unsafe("create extension pg_stat_statements");
    await session.unsafe(`alter database ${name} set default_transaction_read_only = on`);
    expect((await slowQueries(readOnly)).statements).not.toBe(null);
  });

  test.skipIf(isMissing("pgbouncer"))("a pooler that changes sessions will do", async () => {
    const pooler = await startPooler(url, { mode: "transaction", size: 2 });
    await slowQueries(pooler.url);
    const sampled = await slowQueries(pooler.url, "--sample", "50ms");
    expect(sampled.statements).toMatchObject({ source: "sample" });
  });
});

test("an extension in another schema is found, and its rights are asked for where they are missing", async () => {
  const { name, url, sql } = await createDatabase();
  await sql.unsafe('create schema "Monitor ing"');
  await sql.unsafe('create extension pg_stat_statements schema "Monitor ing"');
  expect((await slowQueries(url)).notes).toEqual([]);
  const user = await createRole("in role pg_read_all_stats");
  const own = urlOf({ database: name, user, password: "secret" });
  const refused = await slowQueries(own);
  expect(refused).toMatchObject({ statements: null, notes: [{ name: "no_right" }] });
  await sql.unsafe(noteOf(refused, "no_right")?.cure ?? "");
  expect((await slowQueries(own)).notes).toEqual([]);
  await sql.unsafe(`drop owned by ${user}`);
});

test("every version of the extension is read, and the way to the newest one is shown", async () => {
  const { name, url, sql } = await createDatabase();
  const versions = await sql<{ version: string; isDefault: boolean }[]>`
    select v.version, v.version = a.default_version as "isDefault"
    from pg_available_extension_versions v join pg_available_extensions a using (name)
    where v.name = 'pg_stat_statements' and v.version >= '1.4' or v.version like '1.1_' and v.name = 'pg_stat_statements'`;
  expect(versions.length).toBeGreaterThan(5);
  for (const { version, isDefault } of versions) {
    await sql.unsafe(`create extension pg_stat_statements version '${version}'`);
    const marked = `of_version_${version.replace(".", "_")}`;
    // A name of a column makes no other statement, that of a table does.
    await sql.unsafe(`create temp table ${marked} as select 1`);
    await sql.unsafe(`select pg_sleep(0.01) from ${marked}`);
    const result = await slowQueries(url, "--limit", "9999", "--database", name);
    expect(result.notes.map((note) => note.name)).toEqual(isDefault ? [] : ["old_extension"]);
    const found = only(withText(result, `pg_sleep($1) from ${marked}`));
    const minor = Number(version.split(".")[1]);
    expect(found, version).toMatchObject({ calls: 1, rows: 1, isTopLevel: true, max: found.mean });
    expect(found.mean).toBeGreaterThanOrEqual(10);
    expect({ version, hasWal: found.walBytes !== null, hasSince: found.since !== null }).toEqual({
      version,
      hasWal: minor >= 8,
      hasSince: minor >= 11,
    });
    const created = only(withText(result, `create temp table ${marked}`));
    expect(created.blocksHit).toBeGreaterThan(0);
    expect(created.ioTime).not.toBe(null);
    if (!isDefault) await sql.unsafe(noteOf(result, "old_extension")?.cure ?? "");
    expect((await slowQueries(url)).notes).toEqual([]);
    await sql.unsafe("drop extension pg_stat_statements");
  }
}, 300_000);

test.each([
  ["--sort", "worst"],
  ["--limit", "0"],
  ["--limit", "many"],
  ["--min-mean", "1"],
  ["--sample", "0"],
  ["--sample", "soon"],
  ["--query", "select"],
  ["--query", "9223372036854775808"],
])("%s %s is an error of usage", async (...option) => {
  const { exitCode, stderr } = await runCli(["slow-queries", ...option]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/hint: \S/);
});
