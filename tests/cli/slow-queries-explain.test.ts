import type postgres from "postgres";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { Explanation } from "../../src/slow-queries/explain/results.ts";
import type {
  SlowQueriesResult,
  SlowQueryResult,
  StatementReport,
} from "../../src/slow-queries/results.ts";
import { runCli } from "../support/cli.ts";
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

// Each test explains every statement that the server has seen, several times over.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const major = Number(process.env["TEST_POSTGRES"] ?? "18");

let database: TestDatabase;
let url: string;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await createDatabase();
  ({ url, sql } = database);
  await sql.unsafe(`
    create extension pg_stat_statements;
    create table plays (id bigint, user_id int, at timestamptz not null) partition by range (at);
    create table plays_1 partition of plays for values from ('2026-01-01') to ('2026-02-01');
    create table plays_2 partition of plays for values from ('2026-02-01') to ('2026-03-01');
    create table plays_3 partition of plays for values from ('2026-03-01') to ('2026-04-01');
    insert into plays
      select n, n % 1000, '2026-01-01'::timestamptz + n * interval '1 minute' from generate_series(1, 120000) n;
    create table shares (id int not null, name text) partition by hash (id);
    create table shares_0 partition of shares for values with (modulus 2, remainder 0);
    create table shares_1 partition of shares for values with (modulus 2, remainder 1);
    create table log (id int generated always as identity, written text);
    insert into log (written) values ('first');
    create sequence numbers;
    create function note(what text) returns int language plpgsql as $$
      begin insert into log (written) values (what); return 1; end $$;
    create function note_as_immutable(what text) returns int immutable language plpgsql as $$
      begin return note(what); end $$;
    analyze`);
});

/** Explains all statements of a database. */
async function explainAll(name: string, by: string): Promise<readonly StatementReport[]> {
  const list = ["slow-queries", "--explain", "--json", "--limit", "9999"];
  const { stdout, exitCode } = await runCli(list.concat("--database", name, "--url", by));
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as SlowQueriesResult).statements?.statements ?? [];
}

function statementWith(
  words: string,
  statements: readonly StatementReport[] | undefined,
): StatementReport {
  const found = statements?.find(({ query }) => query?.includes(words));
  if (found === undefined) throw new Error(`"${words}" is not in the list.`);
  return found;
}

/** Runs statements, and returns how each of them is explained. */
async function explained(
  statements: Readonly<Record<string, string>>,
  given: { readonly as?: string; readonly by?: string } = {},
): Promise<Readonly<Record<string, Explanation>>> {
  const session = openSession(given.as ?? url);
  // A name of a table makes another statement, also where its constants do not count.
  for (const [name, text] of Object.entries(statements)) {
    await session.unsafe(text.replace("$NAME", `as ${name}`)).simple();
  }
  await session.end();
  const all = await explainAll(database.name, given.by ?? url);
  return Object.fromEntries(
    Object.keys(statements).map((name) => {
      const { explanation } = statementWith(name, all);
      if (explanation === null) throw new Error(`"${name}" was not explained.`);
      return [name, explanation];
    }),
  );
}

function flagNames({ flags }: Explanation): string[] {
  return flags.map(({ name }) => name);
}

function readingEveryPartition(all: Readonly<Record<string, Explanation>>): string[] {
  return Object.keys(all).filter((name) => {
    const explanation = all[name];
    return explanation !== undefined && flagNames(explanation).includes("reads_every_partition");
  });
}

test("a statement that does not choose among partitions is told from those that do", async () => {
  const all = await explained({
    by_user: "select count(*) by_user from plays where user_id = 7",
    by_expression: "select count(*) by_expression from plays where at::date = '2026-01-05'",
    by_name: "select count(*) by_name from shares where name = 'x'",
    by_hash_range: "select count(*) by_hash_range from shares where id > 5",
    by_merge: "select count(*) by_merge from plays p join log l on l.written = p.id::text",
    by_time: "select count(*) by_time from plays where at >= '2026-01-05' and user_id = 7",
    by_age:
      "select count(*) by_age from plays where at >= now() - interval '1 year' and user_id = 7",
    by_either:
      "select count(*) by_either from plays where (at < '2026-01-05' or at > '2026-03-30') and user_id = 1",
    by_list: "select count(*) by_list from plays where at in ('2026-01-05', '2026-02-05')",
    by_hash_key: "select count(*) by_hash_key from shares where id = 5",
  });
  for (const [name, { obstacle }] of Object.entries(all))
    expect({ name, obstacle }).toEqual({ name, obstacle: null });
  expect(readingEveryPartition(all)).toEqual([
    "by_user",
    "by_expression",
    "by_name",
    "by_hash_range",
    "by_merge",
  ]);
  expect(all["by_user"]).toMatchObject({
    planningTime: expect.any(Number) as number,
    flags: [
      {
        relation: "public.plays",
        message: expect.stringContaining("all 3 partitions of plays") as string,
        cure: expect.stringContaining("Filter on at") as string,
      },
    ],
    remarks: [
      {
        name: "hypopg_missing",
        message: expect.stringContaining("public.plays (user_id)") as string,
      },
    ],
  });
  expect(all["by_time"]?.plan).toContainEqual(
    expect.objectContaining({
      relation: "public.plays",
      type: "Seq Scan",
      partitions: 3,
      conditions: [expect.stringContaining(".at >= $1")],
    }),
  );
});

test("a large table that is read from end to end is told", async () => {
  await sql.unsafe(`
    create table large as select n as id, n % 1000 as kind, repeat('x', 100) as filler from generate_series(1, 80000) n;
    analyze large`);
  const all = await explained({
    to_end: "select count(*) to_end from large where kind = 5",
    all_of_it: "select kind, count(*) all_of_it from large group by kind",
  });
  expect(all["to_end"]?.flags).toMatchObject([
    { name: "sequential_scan", relation: "public.large" },
  ]);
  expect(all["to_end"]?.flags[0]?.message).toMatch(/80\.0k rows in \d+ MB, for about \d+ of them/);
  expect(all["all_of_it"]?.flags[0]?.cure).toContain("materialized view");
});

/** What the functions and statements of the next test leave behind when they are executed. */
async function written(): Promise<object[]> {
  return sql`select (select jsonb_agg(l order by id) from log l) as log, last_value from numbers`;
}

test("nothing is executed: neither what writes, nor functions, however they are declared", async () => {
  const statements = {
    by_insert: "insert into log (written) select 'by_insert' as by_insert",
    by_update: "update log by_update set written = written || 'x' where id = 1",
    by_delete: "delete from log by_delete where id = 999 and note('deleted') = 1",
    by_volatile: "select note('volatile') as by_volatile",
    by_sequence: "select nextval('numbers') as by_sequence",
    by_with:
      "with by_with as (update log set written = written where id = 1 returning 1) select from by_with",
    by_sleep: "select pg_sleep(0.3) as by_sleep",
    by_immutable:
      "select count(*) as by_immutable from log where id = note_as_immutable('immutable')",
    by_constant: "select note_as_immutable(upper(current_database())) as by_constant",
  };
  const session = openSession(url);
  for (const text of Object.values(statements)) await session.unsafe(text);
  const before = await written();
  const all = await explainAll(database.name, url);
  const explanations = Object.keys(statements).map((name) => ({
    name,
    explanation: statementWith(name, all).explanation,
  }));
  expect(explanations.filter(({ explanation }) => explanation === null)).toEqual([]);
  for (const name of ["by_update", "by_insert", "by_sleep"]) {
    expect(explanations).toContainEqual({
      name,
      explanation: expect.objectContaining({ obstacle: null }) as unknown,
    });
  }
  expect(await written()).toEqual(before);
});

test("what cannot be explained says why", async () => {
  await sql.unsafe("create schema hidden_away; create table hidden_away.only_here (id int)");
  const all = await explained({
    by_utility: "create table by_utility as select 1 as one",
    by_operator: "select 1 + 2 as by_operator",
    by_path: "set search_path = hidden_away; select count(*) as by_path from only_here",
    by_temporary:
      "create temp table mine (id int); select count(*) as by_temporary from mine; drop table mine",
  });
  expect(
    Object.fromEntries(Object.entries(all).map(([name, { obstacle }]) => [name, obstacle?.name])),
  ).toEqual({
    by_utility: "utility_statement",
    by_operator: "unknown_types",
    by_path: "name_not_found",
    by_temporary: "name_not_found",
  });
  expect(all["by_path"]?.obstacle?.cure).toContain("search_path");
});

test("a role's own search_path and rights are those of the plan", async () => {
  const user = await createRole();
  await sql.unsafe(`
    create schema of_app; create table of_app.things (id int); grant usage on schema of_app to public;
    grant select on of_app.things to ${user};
    alter role ${user} in database ${database.name} set search_path = of_app, public`);
  const own = urlOf({ database: database.name, user, password: "secret" });
  const statement = { by_app: "select count(*) as by_app from things" };
  const all = await explained(statement, { as: own });
  expect(all["by_app"]).toMatchObject({
    obstacle: null,
    role: user,
    searchPath: "of_app, public",
    remarks: [],
  });

  const monitor = await createRole("in role pg_read_all_stats");
  const by = urlOf({ database: database.name, user: monitor, password: "secret" });
  const seen = await explained(statement, { as: own, by });
  expect(seen["by_app"]?.obstacle).toMatchObject({ name: "no_right" });
  await sql.unsafe(/GRANT .*;/.exec(seen["by_app"]?.obstacle?.cure ?? "")?.[0] ?? "");
  const granted = await explained(statement, { as: own, by });
  expect(granted["by_app"]).toMatchObject({ obstacle: null, role: user });
  await sql.unsafe(`drop owned by ${user}`);
});

test("a table that somebody has locked is not waited for", async () => {
  await sql.unsafe("create table held (id int)");
  await sql.unsafe("select count(*) as by_holder from held");
  const holder = await holdLock(url, "lock table held in access exclusive mode");
  onTestFinished(async () => holder.release());
  const all = await explained({ by_log: "select count(*) as by_log from log" });
  expect(all["by_log"]?.obstacle).toBe(null);
  const held = statementWith("by_holder", await explainAll(database.name, url));
  expect(held.explanation?.obstacle).toMatchObject({ name: "locked" });
});

test("one of another database is to be explained there", async () => {
  const other = await createDatabase();
  await other.sql.unsafe("create table far_away (id int)");
  await other.sql.unsafe("select count(*) as by_neighbour from far_away");
  const found = statementWith("by_neighbour", await explainAll(other.name, url));
  expect(found.explanation?.obstacle).toMatchObject({
    name: "other_database",
    cure: expect.stringContaining(other.name) as string,
  });
  const shown = await runCli(["slow-queries", "--explain", "--query", found.queryId, "--url", url]);
  expect(shown.stdout).toContain("Not explainable");
});

describe("as text", () => {
  test("--query shows the plan as a tree, and a list what each points to", async () => {
    await sql.unsafe("select max(id) as as_text from plays where user_id = 9");
    const everything = ["slow-queries", "--limit", "9999", "--database", database.name];
    const list = await runCli(everything.concat("--explain", "--url", url));
    expect(list.stdout).toMatch(
      /\n {4}plan: cost [\d.k]+: Seq Scan on plays, 3 partitions\n {6}! It reads all 3/,
    );
    const { stdout } = await runCli(everything.concat("--json", "--url", url));
    const { statements } = JSON.parse(stdout) as SlowQueriesResult;
    const found = statementWith("as as_text", statements?.statements);
    expect(found.explanation).toBe(null);
    const args = ["slow-queries", "--query", found.queryId, "--explain", "--url", url];
    const whole = await runCli(args);
    expect(whole.stdout).toMatch(
      /\n {2}Aggregate {2}rows 1, cost .*\n {4}Append .*\n {6}Seq Scan on plays, 3 partitions/,
    );
    const asJson = await runCli([...args, "--json"]);
    const one = JSON.parse(asJson.stdout) as SlowQueryResult;
    expect(one.explanation?.flags.map(({ name }) => name)).toContain("reads_every_partition");
  });
});

test.runIf(major >= 18)("a list of values, which 18 stores as one, is said to be", async () => {
  const all = await explained({
    by_values: "select count(*) as by_values from log where id in (1, 2, 3, 4)",
  });
  expect(all["by_values"]?.remarks.map(({ name }) => name)).toContain("squashed_list");
});

test.skipIf(isMissing("pgbouncer"))(
  "a pooler that changes sessions will do, and nothing stays in its session",
  async () => {
    const pooler = await startPooler(url, { mode: "transaction", size: 1 });
    const all = await explained(
      { by_pool: "select count(*) as by_pool from log where written = 'x'" },
      { by: pooler.url },
    );
    expect(all["by_pool"]?.obstacle).toBe(null);
    const session = openSession(pooler.url);
    expect(
      await session`select name from pg_prepared_statements where name like 'doramaflix%'`,
    ).toEqual([]);
    expect(await session`show transaction_read_only`).toMatchObject([
      { transaction_read_only: "off" },
    ]);
  },
);
