import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CheckList, HealthResult } from "../../src/health/results.ts";
import { runCli } from "../support/cli.ts";
import {
  createDatabaseWithEngine,
  createDoramaflixDatabase,
  createRole,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { examineOnly } from "../support/health.ts";
import { holdLock } from "../support/lock-holder.ts";
import { createProject } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";
import { runInTerminal } from "../support/terminal.ts";

async function health(url: string, ...options: string[]): Promise<HealthResult> {
  const { exitCode, stdout, stderr } = await runCli(["health", "--json", "--url", url, ...options]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as HealthResult;
}

let database: TestDatabase;
let url: string;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
  ({ url } = database);
  await database.sql.unsafe(`
    create unlogged table u (a int primary key);
    create table many (a int primary key, b int);
    create index i1 on many (b); create index i2 on many (b); create index i3 on many (b); create index i4 on many (b);
    create index i5 on many (b); create index i6 on many (b); create index i7 on many (b);
    create table w (a int);
  `);
});

test("shows the worst first, some objects of each check, and all with --all", async () => {
  const few = await runCli(["health", "--url", url]);
  expect(few).toMatchObject({ exitCode: 0, stderr: "" });
  expect(few.stdout).toContain("drop index concurrently public.i6;");
  expect(few.stdout).not.toContain("public.i7");
  expect(few.stdout).toContain("and 1 more: --all shows them.");
  expect(few.stdout.indexOf("warning  unlogged_tables")).toBeLessThan(
    few.stdout.indexOf("note  tables_without_primary_key"),
  );
  expect(few.stdout).toMatch(/^Found 7 warnings, 1 note\.$/m);
  expect(few.stdout).toMatch(/^Largest tables +Size/m);
  const all = await runCli(["health", "--url", url, "--all"]);
  expect(all.stdout).toContain("drop index concurrently public.i7;");
});

test("a second run finds the same under the same keys", async () => {
  const first = await health(url);
  const second = await health(url);
  expect(second.findings.map(({ key }) => key)).toEqual(first.findings.map(({ key }) => key));
  expect(first.findings.map(({ key }) => key)).toContain("unlogged_tables:public.u");
});

test("--only and --skip choose checks, and --list shows them", async () => {
  const only = await health(url, "--only", "unlogged_tables", "duplicate_indexes");
  expect(only.checks.map(({ name }) => name).toSorted()).toEqual([
    "duplicate_indexes",
    "unlogged_tables",
  ]);
  expect(only.sizes).toBe(null);
  const rest = await health(url, "--skip", "duplicate_indexes");
  expect(rest.findings.map(({ name }) => name)).not.toContain("duplicate_indexes");
  // Asks no database.
  const list = await runCli(["health", "--list", "--json", "--url", urlOf({ port: 1 })]);
  expect(list).toMatchObject({ exitCode: 0 });
  const { checks } = JSON.parse(list.stdout) as CheckList;
  expect(checks.map(({ name }) => name).toSorted()).toEqual(
    [...rest.checks.map(({ name }) => name), "duplicate_indexes"].toSorted(),
  );
});

test.each([
  ["error", 0],
  ["warning", 1],
  ["note", 1],
])("--fail-on %s ends with %i where the worst is a warning", async (level, exitCode) => {
  const run = await runCli(["health", "--url", url, "--fail-on", level]);
  expect(run).toMatchObject({ exitCode });
});

test.each([
  ["--only", "no_such_check"],
  ["--skip", "no_such_check"],
  ["--timeout", "10"],
  ["--fail-on", "ok"],
])("%s %s is an error of usage", async (...option) => {
  expect(await runCli(["health", "--url", url, ...option])).toMatchObject({ exitCode: 2 });
});

test("a check that takes too long is told, and the others are made", async () => {
  const { notChecked, checks } = await health(url, "--timeout", "1ms");
  const late = notChecked.filter(({ reason }) => reason.startsWith("it took longer than 1 ms"));
  expect(late.length).toBeGreaterThan(0);
  // Sizes are no check.
  expect(late.filter(({ countsAs }) => countsAs === null).map(({ name }) => name)).toEqual(
    late.map(({ name }) => name).filter((name) => name === "sizes"),
  );
  expect(notChecked.length).toBeLessThan(checks.length + 1);
});

test("a terminal of 80 columns shows each finding with its cure", async (context) => {
  if (isMissing("script")) context.skip("there is no program script");
  const { screen } = await runInTerminal(
    ["health", "--only", "unlogged_tables", "tables_without_primary_key"],
    { columns: 80, cwd: await createProject({}), env: { DATABASE_URL: url } },
  );
  const [where = "", ...lines] = screen.trimEnd().split("\n");
  expect(where).toMatch(/^Database "test_\w+", as role "\w+", PostgreSQL 1\d/);
  expect(lines.join("\n")).toBe(`
warning  unlogged_tables
  Tables that are empty after a crash, and on standbys.
  SET LOGGED writes the table anew while nobody reads it.
  u: unlogged
    alter table public.u set logged;

note  tables_without_primary_key
  Tables without a primary key.
  Rows that are alike cannot be told apart, and logical replication cannot
  update or delete them.
  w: no primary key

Found 1 warning, 1 note.`);
});

test("sizes that are locked are not waited for", async () => {
  const holder = await holdLock(url, "lock table many");
  const { sizes, notChecked, findings } = await health(url);
  await holder.release();
  expect(sizes).toBe(null);
  expect(notChecked).toContainEqual({
    name: "sizes",
    reason: "another session has locked what it reads",
    cure: null,
    countsAs: null,
  });
  // Whatever else there is, is found.
  expect(findings.map(({ name }) => name)).toContain("duplicate_indexes");
});

describe("a role without rights", () => {
  let user: string;
  let own: string;

  beforeAll(async () => {
    user = await createRole();
    own = urlOf({ database: database.name, user, password: "secret" });
    await database.sql.unsafe(
      `create sequence hidden as integer; create table large (a int, b text);
       insert into large select n, repeat('x', 90) from generate_series(1, 5000) n; analyze large`,
    );
  });

  test("learns what it may not see and who grants it, and after that sees it", async () => {
    const asks = ["health", "--json", "--url", own, "--fail-on", "error"];
    // Errors may be among what it does not see.
    const asked = await runCli(asks);
    expect(asked).toMatchObject({ exitCode: 1 });
    const before = JSON.parse(asked.stdout) as HealthResult;
    expect(before.findings.filter(({ level }) => level === "error")).toEqual([]);
    const sessions = before.notChecked.filter(({ cure }) => cure?.includes("pg_monitor"));
    expect(sessions.map(({ name }) => name)).toEqual([
      "blocked_sessions",
      "long_transactions",
      "idle_in_transaction",
      "replication_lag",
      "half_detached_partitions",
    ]);
    const data = before.notChecked.filter(({ cure }) => cure?.includes("pg_read_all_data"));
    expect(data.map(({ name }) => name).toSorted()).toEqual([
      "catch_all_rows",
      "missing_partitions",
      "sequences_near_end",
      "stale_views",
    ]);
    // What everybody may see is found.
    expect(before.findings.map(({ key }) => key)).toContain("unlogged_tables:public.u");
    await database.sql.unsafe(sessions[0]?.cure ?? "");
    const asMonitor = await health(own);
    expect(asMonitor.notChecked).toEqual(
      before.notChecked.filter((each) => !sessions.includes(each)),
    );
    const bloat = async (): Promise<unknown> =>
      (await examineOnly(own, "table_bloat", [["relpages >= 1000", "relpages >= 10"]])).notChecked;
    expect(await bloat()).toEqual([
      {
        name: "table_bloat",
        reason: `role "${user}" may not read all; left out: 1 of the tables`,
        cure: `grant pg_read_all_data to ${user};`,
        countsAs: "warning",
      },
    ]);
    await database.sql.unsafe(data[0]?.cure ?? "");
    const again = await runCli(asks);
    expect(again).toMatchObject({ exitCode: 0 });
    const { notChecked } = JSON.parse(again.stdout) as HealthResult;
    expect(notChecked.filter(({ cure }) => cure !== null)).toEqual([]);
    expect(await bloat()).toEqual([]);
  });
});

describe("a baseline", () => {
  test("is written with empty reasons and keeps what it names back", async () => {
    const folder = await createProject({});
    const file = join(folder, "baseline.json");
    await health(url, "--write-baseline", file);
    const written = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>[];
    expect(written).toContainEqual({ key: "unlogged_tables:public.u", reason: "", expires: null });
    const { findings, baseline } = await health(url, "--baseline", file);
    expect(findings).toEqual([]);
    expect(baseline).toEqual({ suppressed: written.length, expired: [], unused: [] });
    const again = await runCli(["health", "--url", url, "--write-baseline", file]);
    expect(again).toMatchObject({ exitCode: 2, stdout: "" });
    expect(again.stderr).toContain("BASELINE_INVALID");
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(written);
  });

  test("tells the entries that have expired and those that are not needed any more", async () => {
    const entries = [
      { key: "unlogged_tables:public.u", reason: "a cache", expires: "2020-01-31" },
      { key: "unlogged_tables:public.gone", reason: "was a cache" },
      { key: "duplicate_indexes:public.i2", reason: "not looked at" },
    ];
    const file = join(await createProject({ "b.json": JSON.stringify(entries) }), "b.json");
    const options = ["--only", "unlogged_tables", "--baseline", file];
    const { findings, baseline } = await health(url, ...options);
    expect(findings.map(({ key }) => key)).toEqual(["unlogged_tables:public.u"]);
    expect(baseline).toEqual({
      suppressed: 0,
      expired: [entries[0]],
      unused: [{ ...entries[1], expires: null }],
    });
    const { stdout } = await runCli(["health", "--url", url, ...options]);
    expect(stdout).toContain("unlogged_tables:public.u: expired on 2020-01-31 (a cache)");
    expect(stdout).toContain("unlogged_tables:public.gone: not found any more");
    // Reasons are taken over into a new one.
    const next = join(await createProject({}), "next.json");
    await health(url, ...options, "--write-baseline", next);
    expect(JSON.parse(await readFile(next, "utf8"))).toEqual([entries[0]]);
  });

  test.each([
    ["no JSON", "[{]"],
    ["no list", '{"key": "a"}'],
    ["no key", '[{"reason": "a"}]'],
    ["a wrong day", '[{"key": "a", "reason": "a", "expires": "soon"}]'],
    ["a misspelled name", '[{"key": "a", "reason": "a", "expire": "2030-01-01"}]'],
  ])("with %s is refused before the database is asked", async (_, content) => {
    const file = join(await createProject({}), "b.json");
    await writeFile(file, content);
    const run = await runCli(["health", "--url", urlOf({ port: 1 }), "--baseline", file]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    expect(run.stderr).toContain("BASELINE_INVALID");
  });

  test("that is not there is refused", async () => {
    const run = await runCli(["health", "--url", url, "--baseline", "missing.json"]);
    expect(run).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

test("Doramaflix with data has no error", { timeout: 120_000 }, async () => {
  const doramaflix = await createDoramaflixDatabase();
  const seeded = await runCli(["seed", "--users", "200", "--url", doramaflix.url]);
  expect(seeded).toMatchObject({ exitCode: 0 });
  // The database that it is a copy of may be of the month before.
  const created = await runCli(["partitions", "create", "--url", doramaflix.url]);
  expect(created).toMatchObject({ exitCode: 0 });
  const { findings } = await health(doramaflix.url);
  // The unique constraint has an index on the same columns. It stays, because a migration that is released does.
  expect(findings.filter(({ level }) => level !== "note").map(({ key }) => key)).toEqual([
    "duplicate_indexes:public.idx_episodes_course_season",
  ]);
});
