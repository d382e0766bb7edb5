import { beforeAll, describe, expect, test } from "vitest";
import type { RefreshedView, RefreshResult } from "../../src/matviews/results.ts";
import { terminateBackend, untilActive, untilBlocked } from "../support/backends.ts";
import { runCli, startCli, type CliResult, type CliRun } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  openSession,
  readServerVersion,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { diamond, historyOf, writeRows } from "../support/materialized-views.ts";

async function createDatabaseWith(schema: string): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await database.sql.unsafe(schema);
  return database;
}

async function refresh({ url }: Pick<TestDatabase, "url">, ...args: string[]): Promise<CliResult> {
  return runCli(["views", "refresh", ...args, "--url", url]);
}

function start({ url }: TestDatabase, ...args: string[]): CliRun {
  return startCli(["views", "refresh", ...args, "--json", "--url", url]);
}

function resultOf({ stdout, stderr }: CliResult): RefreshResult {
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as RefreshResult;
}

async function json(
  database: Pick<TestDatabase, "url">,
  ...args: string[]
): Promise<RefreshResult & { exitCode: number | null }> {
  const result = await refresh(database, ...args, "--json");
  return { ...resultOf(result), exitCode: result.exitCode };
}

/** What became of each view, by its short name. */
function outcomes({ views }: RefreshResult): Record<string, string> {
  return Object.fromEntries(
    views.map(({ view, outcome, mode, reason }) => [
      view.replace(/^public\./, ""),
      [outcome, mode, reason].filter((part) => part !== null).join(" "),
    ]),
  );
}

function viewOf({ views }: RefreshResult, name: string): RefreshedView {
  const view = views.find((each) => each.view === name);
  if (view === undefined) throw new Error(`"${name}" is not in the result.`);
  return view;
}

describe("in order, and only where something has changed", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabaseWith(diamond);
  });

  test("all views after those that they need; a second run changes nothing and says why", async () => {
    const first = await json(database);
    expect(first).toMatchObject({ exitCode: 0, stopped: null, dryRun: false });
    expect(first.views.map(({ view, level }) => [view, level])).toEqual([
      ["public.apart", 0],
      ["public.low", 0],
      ['public."left"', 1],
      ['public."right"', 1],
      ["public.high", 2],
    ]);
    expect(viewOf(first, "public.high")).toMatchObject({ outcome: "refreshed", rows: 20 });
    expect((await historyOf(database.sql)).map(({ view }) => view)).toEqual([
      "apart",
      "low",
      "left",
      "right",
      "high",
    ]);
    const again = await refresh(database);
    expect(again).toMatchObject({ exitCode: 0, stderr: "" });
    expect(again.stdout).toContain("Refreshed none of 5 materialized views");
    expect(again.stdout).toMatch(/^apart +skipped +nothing has changed since \d\d:\d\d$/m);
    expect(await historyOf(database.sql)).toHaveLength(5);
  });

  test("a change goes up to what reads it, and nowhere else", async () => {
    await writeRows(database.sql, "update one set amount = 100 where id = 1");
    const planned = await json(database, "--dry-run");
    expect(planned).toMatchObject({ dryRun: true, exitCode: 0 });
    expect(outcomes(planned)).toMatchObject({
      low: "planned plain no_unique_index",
      apart: "skipped unchanged",
      '"left"': "depends unchanged",
      high: "depends unchanged",
    });
    expect(viewOf(planned, "public.high").after).toEqual(['public."left"', 'public."right"']);
    expect(await historyOf(database.sql)).toHaveLength(5);
    const { stdout } = await refresh(database, "--dry-run");
    expect(stdout).toMatch(/^"left" +perhaps +after low, if that changes$/m);
    expect(stdout).toMatch(/^high +perhaps +after "left" and "right", if one changes$/m);

    const done = await json(database);
    expect(viewOf(done, "public.apart")).toMatchObject({ outcome: "skipped", reason: "unchanged" });
    expect(viewOf(done, "public.high").outcome).toBe("refreshed");
    const [row] = await database.sql`select l, r from high where id = 1`;
    expect(row).toEqual({ l: 101, r: 102 });
  });

  test("a named view comes with all that it needs and all that needs it", async () => {
    expect(Object.keys(outcomes(await json(database, "left")))).toEqual(["low", '"left"', "high"]);
    expect(Object.keys(outcomes(await json(database, "apart", "public.apart")))).toEqual(["apart"]);
  });

  test("a way that is forced is taken whether something has changed or not", async () => {
    const done = await json(database, "high", "--swap", "--patience", "5s");
    expect(outcomes(done)).toMatchObject({ low: "failed swap" });
    expect(done.exitCode).toBe(8);
    expect(outcomes(await json(database, "apart", "--swap"))).toEqual({
      apart: "refreshed swap forced",
    });
    expect(outcomes(await json(database, "apart", "--plain"))).toEqual({
      apart: "refreshed plain forced",
    });
  });

  test("--stale takes what is older than its policy says, and what that needs", async () => {
    expect(outcomes(await json(database, "--stale"))).toEqual({});
    await database.sql`insert into matview_policies (view_name, every) values ('left', '1 us'), ('apart', '1 day')`;
    expect(Object.keys(outcomes(await json(database, "--stale")))).toEqual(["low", '"left"']);
    expect(Object.keys(outcomes(await json(database, "--stale", "apart")))).toEqual([]);
    const { stdout } = await refresh(database, "--stale", "apart");
    expect(stdout).toContain("Nothing to refresh");
  });
});

test("what changes with the clock waits for its policy", async () => {
  const database = await createDatabaseWith(`
    create table t (at timestamptz); create materialized view ages as select now() - at as age from t;
    insert into matview_policies (view_name, every) values ('ages', '1 hour')`);
  await refresh(database);
  const { stdout } = await refresh(database);
  expect(stdout).toMatch(/^ages +skipped +due in 59 min \(changes with now\(\)\)$/m);
  await database.sql`update matview_policies set every = '1 us'`;
  expect(outcomes(await json(database))).toEqual({ ages: "refreshed swap no_unique_index" });
});

test("one that fails keeps those back that need it, and no other; it is recorded, and ends with 8", async () => {
  const database = await createDatabaseWith(`
    ${diamond}
    create materialized view broken as select 1 / (id - 5) as x from low with no data;
    create materialized view above as select x from broken with no data;
    create materialized view top as select x from above with no data`);
  const done = await json(database);
  expect(done.exitCode).toBe(8);
  expect(outcomes(done)).toMatchObject({
    high: "refreshed swap no_unique_index",
    broken: "failed plain",
    above: "skipped source_failed",
    top: "skipped source_failed",
  });
  expect(viewOf(done, "public.broken").failure).toMatchObject({
    message: "division by zero",
    sqlState: "22012",
    hint: expect.stringContaining("correct the view") as string,
  });
  expect(viewOf(done, "public.above").after).toEqual(["public.broken"]);
  const failed = (await historyOf(database.sql)).filter(({ error }) => error !== null);
  expect(failed).toEqual([
    { view: "broken", mode: "plain", reason: null, error: "division by zero" },
  ]);
  const { stdout } = await refresh(database, "broken");
  expect(stdout).toMatch(/^above +skipped +needs broken, which failed$/m);
  expect(stdout).toContain("Failed: broken (SQLSTATE 22012)\n  division by zero\n");
});

test("finds views in another schema, with quotes and capitals, and fills those without data", async () => {
  const database = await createDatabaseWith(`
    create schema "Other"; create table t (id int);
    create materialized view "Other"."A ""View""" as select id from public.t with no data;
    create materialized view "Upper" as select id from t`);
  const name = '"Other"."A ""View"""';
  expect(outcomes(await json(database, name))).toEqual({ [name]: "refreshed plain not_populated" });
  for (const upper of ["Upper", '"Upper"', 'public."Upper"'])
    expect(Object.keys(outcomes(await json(database, upper, "--dry-run")))).toEqual(['"Upper"']);
});

describe("several at the same time", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabaseWith(diamond);
  });

  test("--jobs 2 refreshes two views at once, each in a session of its own", async () => {
    const holder = await holdLock(database.url, "lock table one, two in access exclusive mode");
    const run = start(database, "--jobs", "2");
    await expect
      .poll(
        async () => {
          const [row] = await database.sql`select count(*)::int as number from pg_stat_activity
            where ${holder.pid} = any (pg_blocking_pids(pid))`;
          return row?.["number"] as number;
        },
        { timeout: 30_000, interval: 10 },
      )
      .toBe(2);
    await holder.release();
    const { exitCode, stderr, stdout } = await run.result;
    expect(exitCode).toBe(0);
    expect(Object.values(outcomes(JSON.parse(stdout) as RefreshResult))).toHaveLength(5);
    expect(stderr).toContain("Refreshed high (by swap, ");
    const [row] = await database.sql`select count(*)::int as number from high`;
    expect(row).toEqual({ number: 20 });
  });

  test("of two runs one refreshes a view, and the other says which process does", async () => {
    await writeRows(database.sql, "update two set amount = 0");
    const holder = await holdLock(database.url, "lock table two in access exclusive mode");
    const first = start(database, "apart");
    const pid = await untilBlocked(database.sql, holder.pid);
    const second = await refresh(database, "apart");
    await holder.release();
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain(`another session refreshes it (process ${pid})`);
    expect(outcomes(resultOf(await first.result))).toEqual({
      apart: "refreshed swap no_unique_index",
    });
  });

  test("more runs at the same moment do no harm", async () => {
    await writeRows(database.sql, "update one set amount = amount + 1");
    const runs = await Promise.all([1, 2, 3].map(async () => json(database, "--jobs", "2")));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    // What one run left to another, which had begun before its source was ready, the next one does.
    expect(await json(database)).toMatchObject({ exitCode: 0 });
    const [row] = await database.sql`
      select count(*)::int as wrong from high join one using (id) where l <> amount + 1`;
    expect(row).toEqual({ wrong: 0 });
    expect(outcomes(await json(database))).toMatchObject({ high: "skipped unchanged" });
  });
});

const unique = `
  create table t (id int, name text);
  insert into t select n, 'name ' || n from generate_series(1, 10) n;
  create materialized view v as select id, name as "The Name" from t;
  create unique index v_id on v (id);`;

describe("failures with a cure", () => {
  test.each([
    ["another row with the key", "(1, 'another')"],
    ["the same row once more", "(1, 'name 1')"],
  ])("duplicates by %s: the query that is printed finds them", async (_, row) => {
    const database = await createDatabaseWith(unique);
    await writeRows(database.sql, `insert into t values ${row}`);
    for (const way of ["--concurrently", "--plain", "--swap"]) {
      const done = await json(database, "v", way);
      expect(done.exitCode).toBe(8);
      const { failure } = viewOf(done, "public.v");
      expect(failure?.sqlState).toMatch(/^(21000|23505)$/);
      expect(failure?.detail).toContain("Index public.v_id is unique over (id).");
      const query = /^SELECT[^]*/m.exec(failure?.hint ?? "")?.[0] ?? "";
      expect([...(await database.sql.unsafe(query))]).toEqual([{ id: 1, count: "2" }]);
    }
  });

  test("a name that a function leaves without schema is explained from PostgreSQL 17 on", async () => {
    const database = await createDatabaseWith(`
      create table t (id int);
      create function last_id() returns int language plpgsql stable as $$ begin return (select max(id) from t); end $$;
      create materialized view v as select last_id() as id with no data`);
    const done = await json(database, "v");
    const isNew = (await readServerVersion()) >= 170_000;
    expect(done.exitCode).toBe(isNew ? 8 : 0);
    const { failure } = viewOf(done, "public.v");
    expect(failure?.hint ?? "").toContain(isNew ? "Since PostgreSQL 17" : "");
    expect(failure?.detail ?? "").toContain(isNew ? "In PL/pgSQL function public.last_id()" : "");
  });

  test("--swap on a view that another one needs is refused with what stands in the way", async () => {
    const database = await createDatabaseWith(diamond);
    const named = await refresh(database, "low", "--swap");
    expect(named).toMatchObject({ exitCode: 2, stdout: "" });
    expect(named.stderr).toContain('"low" cannot be refreshed by a swap. (REFRESH_IMPOSSIBLE)');
    expect(named.stderr).toContain('materialized view public."right" depends on it');
    expect(await historyOf(database.sql)).toEqual([]);
    const all = await json(database, "--swap");
    expect(all.exitCode).toBe(8);
    expect(outcomes(all)).toMatchObject({
      low: "failed swap",
      '"left"': "skipped source_failed",
      apart: "refreshed swap forced",
    });
    expect(outcomes(await json(database, "--swap", "--dry-run"))).toMatchObject({
      low: "failed swap",
      '"left"': "skipped source_failed",
    });
  });

  test("--concurrently without a unique index is refused with the one to create", async () => {
    const database = await createDatabaseWith(diamond);
    const { exitCode, stderr } = await refresh(database, "low", "--concurrently");
    expect(exitCode).toBe(2);
    const statement = "CREATE UNIQUE INDEX CONCURRENTLY ON public.low (id);";
    expect(stderr).toContain(statement);
    expect(stderr).toContain(
      "SELECT id, count(*) FROM public.low GROUP BY id HAVING count(*) > 1;",
    );
    await database.sql.unsafe(statement);
    expect(await refresh(database, "apart", "low", "--concurrently")).toMatchObject({
      exitCode: 2,
    });
    await database.sql.unsafe("create unique index on apart (id)");
    expect(outcomes(await json(database, "apart", "--concurrently"))).toEqual({
      apart: "refreshed concurrently forced",
    });
  });

  test("who may not refresh is told who may; MAINTAIN is enough from PostgreSQL 17 on", async () => {
    const role = await createRole();
    const database = await createDatabaseWith(`
      ${unique}
      grant execute on all functions in schema public to ${role};
      grant select, insert, update, delete on matview_refreshes, matview_base_states, matview_policies to ${role}`);
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const refused = await json({ url }, "v");
    expect(refused.exitCode).toBe(8);
    expect(viewOf(refused, "public.v").failure).toMatchObject({
      sqlState: "42501",
      hint: expect.stringContaining("Connect as its owner") as string,
    });
    const isNew = (await readServerVersion()) >= 170_000;
    if (isNew) await database.sql.unsafe(`grant maintain on v to ${role}`);
    const granted = await json({ url }, "v");
    expect(outcomes(granted)).toEqual({
      v: isNew ? "refreshed concurrently cannot_swap" : "failed concurrently",
    });
  });

  test("whoever may not call the engine is told so, and what is not recorded is warned of", async () => {
    const role = await createRole();
    const database = await createDatabaseWith(
      `${unique} grant select on matview_refreshes, matview_base_states, matview_policies to ${role}`,
    );
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const { exitCode, stdout, stderr } = await refresh({ url }, "v");
    expect(exitCode).toBe(8);
    expect(stdout).toContain("permission denied for function refresh_materialized_view");
    expect(stderr).toContain('The failure of "v" is not recorded');
  });
});

describe("readers in the way", () => {
  const large = `
    create table t (id int primary key, name text);
    insert into t select n, 'name ' || n from generate_series(1, 12000) n;
    create materialized view v as select id, name from t;
    create materialized view w as select id, name from t;
    create unique index v_id on v (id);
    analyze;`;

  test("a reader in a long transaction makes a swap a concurrent refresh, or names itself", async () => {
    const database = await createDatabaseWith(large);
    const holder = await holdLock(database.url, "select from v, w limit 1");
    const done = await json(database, "--patience", "100ms");
    await holder.release();
    expect(outcomes(done)).toEqual({
      v: "refreshed concurrently readers_in_the_way",
      w: "failed swap",
    });
    const { failure } = viewOf(done, "public.w");
    expect(failure).toMatchObject({ sqlState: "55P03" });
    expect(failure?.detail).toMatch(
      new RegExp(
        `did not get its locks within 100 ms\\.\nProcess ${holder.pid} \\(user "\\w+", .*idle in transaction.*\\) holds AccessShareLock on w: select from v, w`,
      ),
    );
    expect(outcomes(await json(database))).toMatchObject({
      v: "skipped unchanged",
      w: "refreshed swap no_unique_index",
    });
  });

  test("a table below that somebody has locked is not waited for without an end", async () => {
    const database = await createDatabaseWith(large);
    const holder = await holdLock(database.url, "lock table t in access exclusive mode");
    const done = await json(database, "w", "--patience", "100ms");
    await holder.release();
    expect(viewOf(done, "public.w").failure?.detail).toContain(
      `Process ${holder.pid} (user "doramaflix"`,
    );
  });
});

describe("a run that ends before its end says what was done", () => {
  const blocked = `
    create table t (id int); create table u (id int);
    create materialized view a as select id from t;
    create materialized view b as select id from u;
    create materialized view c as select id from t`;

  /** Starts a run that has refreshed the first view and waits in the second. */
  async function stuck(...args: string[]): Promise<{ database: TestDatabase; run: CliRun }> {
    const database = await createDatabaseWith(blocked);
    const holder = await holdLock(database.url, "lock table u in access exclusive mode");
    const run = start(database, ...args, "--patience", "10min");
    await untilBlocked(database.sql, holder.pid);
    return { database, run };
  }

  test.each(["SIGINT", "SIGTERM"] as const)("%s cancels the statement in hand", async (signal) => {
    const { database, run } = await stuck();
    run.child.kill(signal);
    const result = await run.result;
    expect(result.exitCode).toBe(130);
    const done = resultOf(result);
    expect(done.stopped).toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
    expect(outcomes(done)).toEqual({
      a: "refreshed swap no_unique_index",
      b: "stopped",
      c: "not begun",
    });
    expect(await historyOf(database.sql)).toHaveLength(1);
  });

  test("a session that is lost ends it with 3", async () => {
    const { database, run } = await stuck();
    await terminateBackend(openSession(urlOf({})), await untilActive(database.sql, database.name));
    const result = await run.result;
    expect(result.exitCode).toBe(3);
    expect(resultOf(result).stopped).toMatchObject({ code: "CONNECTION_LOST" });
    expect(outcomes(resultOf(result))).toMatchObject({ b: "stopped", c: "not begun" });
  });
});

test("objects and operators of our names, first in the search_path, are never used", async () => {
  const database = await createDatabaseWith(`
    create table t (id int primary key);
    create materialized view v as select id from t;
    create materialized view broken as select 1 / (select count(*) from t) as x with no data;
    create schema evil;
    create table evil.matview_refreshes (refresh_id int);
    create function evil.refresh_materialized_view(v regclass, m text, p interval) returns int language plpgsql
      as $$ begin raise 'evil refresh called'; end $$;
    create function evil.equal(a text, b text) returns boolean language plpgsql
      as $$ begin raise 'evil operator = called'; end $$;
    create operator evil.= (leftarg = text, rightarg = text, function = evil.equal);
    create function evil.minus(a timestamptz, b interval) returns timestamptz language plpgsql
      as $$ begin raise 'evil operator - called'; end $$;
    create operator evil.- (leftarg = timestamptz, rightarg = interval, function = evil.minus)`);
  await database.sql.unsafe(
    `alter database ${database.name} set search_path = evil, pg_catalog, public`,
  );
  const done = await json(database);
  expect(outcomes(done)).toEqual({
    v: "refreshed swap no_unique_index",
    broken: "failed plain",
  });
  expect(viewOf(done, "public.broken").failure?.message).toBe("division by zero");
  for (const command of ["status --check-keys", "record-refreshes", "record-refreshes --off"]) {
    const result = await runCli(["views", ...command.split(" "), "--url", database.url]);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  }
  expect(await historyOf(database.sql)).toHaveLength(2);
});

test("the isolation that the database has by default does not keep it from working", async () => {
  const database = await createDatabaseWith(diamond);
  await database.sql.unsafe(
    `alter database ${database.name} set default_transaction_isolation = 'serializable'`,
  );
  expect(await json(database)).toMatchObject({ exitCode: 0 });
});

describe("bad input", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabaseWith(diamond);
  });

  test.each([
    [["lwo"], "VIEW_NOT_FOUND", 'There is no materialized view "lwo".', 'Did you mean "low"?'],
    [["middle"], "VIEW_NOT_FOUND", '"middle" is no materialized view.', "views status"],
    [['a"b.c'], "VIEW_NOT_FOUND", 'There is no materialized view "a"b.c".', "views status"],
    [[""], "VIEW_NOT_FOUND", 'There is no materialized view "".', "views status"],
    [["--jobs", "0"], "USAGE", "--jobs takes a number above 0.", "--jobs 2"],
    [["--jobs", "two"], "USAGE", '--jobs takes a whole number from 0 to 9999, not "two".', "3"],
    [["--jobs", "9999"], "USAGE", "--jobs 9999 is more than the", "max_connections"],
    [["--patience", "0"], "USAGE", "--patience takes a duration above 0.", "500ms"],
    [["--patience", "10"], "USAGE", '--patience takes a duration with its unit, not "10".', "ms"],
    [["--swap", "--plain"], "USAGE", "--plain and --swap say two things at once.", "one of them"],
  ])("%j is refused", async (args, ...expected) => {
    const [code, message, hint] = expected;
    const { exitCode, stdout, stderr } = await refresh(database, ...args, "--json");
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code,
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining(hint) as string,
      },
    });
    expect(stderr).toContain(message);
    expect(await historyOf(database.sql)).toEqual([]);
  });

  test("says what to do where there is no engine, and that there is nothing to do without views", async () => {
    const without = await refresh(await createDatabase());
    expect(without).toMatchObject({ exitCode: 3 });
    expect(without.stderr).toContain("doramaflix-db migrate");
    const empty = await refresh(await createDatabaseWithEngine());
    expect(empty).toMatchObject({ exitCode: 0 });
    expect(empty.stdout).toContain("Nothing to refresh");
  });
});
