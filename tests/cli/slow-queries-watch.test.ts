import { once } from "node:events";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { SlowQueriesResult } from "../../src/slow-queries/results.ts";
import { runCli, startCli } from "../support/cli.ts";
import { createDatabase, openSession, type TestDatabase } from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";
import { isMissing } from "../support/requirements.ts";
import { openTerminal, type OpenTerminal } from "../support/terminal.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";

const patience = { timeout: 60_000, interval: 50 };

let database: TestDatabase;
let cwd: string;

beforeAll(async () => {
  database = await createDatabase();
  await database.sql`create extension pg_stat_statements`;
  await database.sql`create table stock (id int)`;
  cwd = process.cwd();
});

/** Runs statements again and again until the test ends. */
function keepRunning(statement: string): void {
  const sql = openSession(database.url);
  const over = new AbortController();
  const all = (async () => {
    while (!over.signal.aborted) await sql.unsafe(statement);
  })();
  onTestFinished(async () => {
    over.abort();
    await all;
    await sql.end();
  });
}

async function watch(columns: number, rows: number, url = database.url): Promise<OpenTerminal> {
  return openTerminal(["slow-queries", "--watch", "500ms", "--url", url], { columns, rows, cwd });
}

async function untilShown(terminal: OpenTerminal, text: string): Promise<void> {
  await vi.waitUntil(() => terminal.lines().join("\n").includes(text), patience);
}

describe.skipIf(isMissing("script"))("on a terminal", () => {
  test("a screen shows what runs and what ran since the one before, and Ctrl-C gives the terminal back", async () => {
    await database.sql`select count(*) as before_the_watch from stock`;
    keepRunning("select pg_sleep(0.05) as all_the_time");
    const holder = await holdLock(database.url, "select 1 as held_open");
    onTestFinished(async () => holder.release());
    const terminal = await watch(100, 40);
    await untilShown(terminal, "all_the_time");
    expect(terminal.isAlternate()).toBe(true);
    const screen = terminal.lines().join("\n");
    expect(screen).toContain("held_open");
    expect(screen).toMatch(/Statements in a sample of /);
    expect(screen).not.toContain("before_the_watch");
    expect(terminal.lines().at(-1)).toMatch(/^every 500 ms; Ctrl-C ends it/);

    await holder.release();
    await vi.waitUntil(() => !terminal.lines().join("\n").includes("held_open"), patience);

    terminal.type("\u0003");
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.isAlternate()).toBe(false);
    // The cursor is shown again after it was hidden.
    expect(terminal.written().lastIndexOf("\u001b[?25h")).toBeGreaterThan(
      terminal.written().lastIndexOf("\u001b[?25l"),
    );
  });

  test("what does not fit is cut, also after the terminal has become smaller", async () => {
    keepRunning("select pg_sleep(0.02) as all_the_time, 'a long text of no meaning' as filling");
    const terminal = await watch(120, 50);
    await untilShown(terminal, "all_the_time");
    for (const [columns, rows] of [
      [60, 12],
      [40, 5],
      [100, 10],
    ] as const) {
      await terminal.resize(columns, rows);
      await vi.waitUntil(() => {
        const lines = terminal.lines();
        return /^PostgreSQL \d/.test(lines[0] ?? "") && lines[rows - 1]?.startsWith("every 500 ms");
      }, patience);
      // On the narrowest, the last line is cut too.
      expect(terminal.lines().at(-1)).toMatch(/; \d+ more/);
    }
    terminal.signal("SIGTERM");
    expect(await terminal.exitCode).toBe(0);
    expect(terminal.isAlternate()).toBe(false);
  });

  test("a server that goes away is waited for, and one that comes back is watched on", async () => {
    const server = await startThrowawayServer();
    const sql = openSession(server.url);
    await sql.unsafe("alter system set shared_preload_libraries = 'pg_stat_statements'");
    await sql.unsafe("create extension pg_stat_statements");
    await sql.end();
    await server.shutDownImmediately();
    await server.start();
    const terminal = await watch(100, 30, server.url);
    await untilShown(terminal, "Running now");
    await server.shutDownImmediately();
    await untilShown(terminal, "Trying again");
    // What was last seen stays.
    expect(terminal.lines().join("\n")).toContain("Running now");
    await server.start();
    await vi.waitUntil(() => !terminal.lines().join("\n").includes("Trying again"), patience);
    await untilShown(terminal, "every 500 ms");
    terminal.type("\u0003");
    expect(await terminal.exitCode).toBe(0);
  }, 120_000);

  test("without a server at the beginning, the error stands on the ordinary screen", async () => {
    const terminal = await watch(100, 30, "postgresql://nobody@127.0.0.1:1/nothing");
    expect(await terminal.exitCode).toBe(3);
    expect(terminal.isAlternate()).toBe(false);
    expect(terminal.lines().join("\n")).toContain("CONNECTION_FAILED");
  });
});

test("with --json there is one object a line, until the reader goes away", async () => {
  keepRunning("select pg_sleep(0.05) as all_the_time");
  const options = ["--watch", "200ms", "--json", "--database", database.name];
  const { child, result } = startCli(["slow-queries", "--url", database.url, ...options]);
  let text = "";
  child.stdout?.on("data", (chunk: string) => (text += chunk));
  const lines = await vi.waitUntil(() => {
    const whole = text.split("\n").slice(0, -1);
    return whole.length >= 3 ? whole : undefined;
  }, patience);
  const results = lines.map((line) => SlowQueriesResult.parse(JSON.parse(line)));
  const windows = results.map(({ statements }) => statements);
  expect(windows.map((window) => window?.source)).toEqual(windows.map(() => "sample"));
  expect(windows.slice(1).map((window) => window?.from)).toEqual(
    windows.slice(0, -1).map((window) => window?.to),
  );
  child.stdout?.destroy();
  await once(child, "exit");
  expect(await result).toMatchObject({ exitCode: 0, signal: null, stderr: "" });
});

test("without a terminal, one report stands below the other, without control characters", async () => {
  const { child, result } = startCli(["slow-queries", "--watch", "200ms", "--url", database.url]);
  let text = "";
  child.stdout?.on("data", (chunk: string) => (text += chunk));
  await vi.waitUntil(() => text.split("Running now").length > 2, patience);
  child.kill("SIGINT");
  const { exitCode, stdout } = await result;
  expect(exitCode).toBe(0);
  // oxlint-disable-next-line no-control-regex
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test("without statistics it shows what runs, and how to get more", async () => {
  const { url } = await createDatabase();
  const { child, result } = startCli(["slow-queries", "--watch", "100ms", "--json", "--url", url]);
  await once(child.stdout ?? child, "data");
  child.kill("SIGTERM");
  const [line = ""] = (await result).stdout.split("\n");
  expect(JSON.parse(line)).toMatchObject({ statements: null, notes: [{ name: "not_created" }] });
});

test.each([
  ["--watch", "0"],
  ["--watch", "often"],
  ["--watch", "5s", "--sample", "5s"],
  ["--watch", "5s", "--query", "1"],
  ["--watch", "5s", "--format", "html"],
  ["--watch", "5s", "--format", "markdown"],
])("%s %s %s %s is an error of usage", async (...options) => {
  const { exitCode, stderr } = await runCli(["slow-queries", ...options]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/hint: \S/);
});
