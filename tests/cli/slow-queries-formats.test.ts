import { lexer, type Token, type Tokens } from "marked";
import { beforeAll, expect, test } from "vitest";
import { ErrorDocument } from "../../src/output/results.ts";
import { SlowQueriesResult, SlowQueryResult } from "../../src/slow-queries/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, openSession, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { untilBlocked } from "../support/backends.ts";

/** A name that is odd for Markdown, HTML and SQL. */
const odd = 'St|ock `"</td> 드라마';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await database.sql`create extension pg_stat_statements`;
  await database.sql`create table ${database.sql(odd)} (id int)`;
});

async function slowQueries(...options: string[]): Promise<CliResult> {
  return runCli(["slow-queries", "--url", database.url, "--database", database.name, ...options]);
}

async function markdown(...options: string[]): Promise<Token[]> {
  const { exitCode, stdout } = await slowQueries("--format", "markdown", ...options);
  expect(exitCode).toBe(0);
  return lexer(stdout).filter(({ type }) => type !== "space");
}

test("--format json is --json, and of an error too", async () => {
  const { stdout } = await slowQueries("--format", "json");
  const result = JSON.parse(stdout) as unknown;
  expect(SlowQueriesResult.parse(result)).toEqual(result);
  for (const options of [
    ["--format", "json", "--query", "12345"],
    ["--format=json", "--limit", "none"],
    ["--format", "json", "--url", "postgresql://nobody@127.0.0.1:1/nothing"],
    ["--format", "json", "--no-such-option"],
  ]) {
    const failed = await slowQueries(...options);
    expect(failed.exitCode).toBeGreaterThan(1);
    ErrorDocument.parse(JSON.parse(failed.stdout));
  }
}, 180_000);

test.each([
  [["--json", "--format", "html"], "contradict each other"],
  [["--format", "pdf"], "Allowed choices are table, json, markdown, html"],
])("%j is an error of usage", async (options, message) => {
  const { exitCode, stderr } = await slowQueries(...options);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test("a ticket tells who blocks, and shows statements as they are", async () => {
  await database.sql`select id as ${database.sql(odd)} from ${database.sql(odd)} limit 3`;
  const holder = await holdLock(database.url, `lock table ${quoted(odd)}`);
  const blocked = openSession(database.url);
  const reading = blocked.unsafe(`select count(*) from ${quoted(odd)}`).execute();
  const waiting = await untilBlocked(database.sql, holder.pid);
  const tokens = await markdown();
  await holder.release();
  await reading;
  await blocked.end();
  const cure = tokens.findIndex(({ type }) => type === "code");
  expect(tokens[cure]).toMatchObject({
    lang: "sql",
    text: `SELECT pg_terminate_backend(${holder.pid});`,
  });
  expect(tokens[cure - 1]?.raw).toContain(`← ${waiting}`);
  const [sessions, statements] = tokens.filter(({ type }) => type === "table") as Tokens.Table[];
  const shown = [...(sessions?.rows ?? []), ...(statements?.rows ?? [])].map(
    (row) => row.at(-1)?.tokens[0],
  );
  for (const text of [`lock table ${quoted(odd)}`, `select count(*) from ${quoted(odd)}`]) {
    expect(shown).toContainEqual(expect.objectContaining({ type: "codespan", text }));
  }
});

test("one statement is written in each format", async () => {
  // The server forgets first what has been used least.
  for (let n = 0; n < 100; n += 1) {
    await database.sql`select sum(id) as in_each_format from ${database.sql(odd)}`;
  }
  const [known] = await database.sql<{ id: string; query: string }[]>`
    select queryid::text as id, query from pg_stat_statements
    where query like 'select sum(id) as in_each_format%'`;
  const { id = "", query = "" } = known ?? {};
  const tokens = await markdown("--query", id);
  expect(tokens.find(({ type }) => type === "code")).toMatchObject({ text: query });
  const page = await slowQueries("--query", id, "--format", "html");
  expect(page.stdout).toMatch(/^<!doctype html>/);
  expect(page.stdout).toContain("in_each_format");
  expect(page.stdout).not.toContain("</td> 드라마");
  const json = await slowQueries("--query", id, "--format", "json");
  expect(SlowQueryResult.parse(JSON.parse(json.stdout))).toMatchObject({ query });
});

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
