import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import type { Log } from "sarif";
import { expect, test } from "vitest";
import type { CheckResult } from "../../src/checks/results.ts";
import { packageRoot } from "../../src/core/package-root.ts";
import { runCli, startCli } from "../support/cli.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";
import { sarifProblems } from "../support/sarif.ts";

/** Each starts a server of its own. */
const patience = 180_000;

const major = process.env["TEST_POSTGRES"] ?? "18";

async function check(
  project: string,
  ...options: string[]
): Promise<CheckResult & { readonly exitCode: number | null }> {
  const words = ["check", "--json", "--postgres", major, "--project", project, ...options];
  const { exitCode, stdout, stderr } = await runCli(words);
  if (exitCode !== 0 && exitCode !== 1) throw new Error(stderr);
  return { ...(JSON.parse(stdout) as CheckResult), exitCode };
}

/** The rules that were broken: section, rule, and the file with the line or the object. */
function broken({ findings }: CheckResult): string[] {
  return findings
    .map(({ section, rule, location, object }) => {
      const place = location === null ? object : `${location.file.slice(11)}:${location.line}`;
      return `${section} ${rule} ${place ?? ""}`;
    })
    .toSorted();
}

const sound = {
  "migrations/001_a.sql": migration(
    "create role check_made_role;\n" +
      "create table a (id bigint primary key, b text);\n" +
      "grant select on a to check_made_role",
    "drop table a;\ndrop role check_made_role",
  ),
  "migrations/002_c.sql": migration(
    "create table c (id bigint primary key, a bigint references a);\ncreate index on c (a)",
    "drop table c",
  ),
  "migrations/003_irreversible.sql":
    "-- migrate:up\ncreate type e as enum ('x');\n-- migrate:irreversible It is in use.\n",
  "migrations/004_index.sql":
    "-- migrate:up transaction:false\ncreate index concurrently a_b on a (b);\n" +
    "-- migrate:down transaction:false\ndrop index concurrently a_b;\n",
  "functions/f.sql":
    "create or replace function f() returns int language sql security definer set search_path = pg_catalog, pg_temp as 'select 1';\n",
  "views/m.sql":
    "create materialized view m as select id from a;\ncreate unique index m_id on m (id);\n",
};

test(
  "a sound project has no findings, and leaves no server and no folder behind",
  async () => {
    const before = await leftFolders();
    const result = await check(await createProject(sound), "--fail-on", "note");
    expect(result).toMatchObject({ exitCode: 0, findings: [], base: null });
    expect(result.server).toMatch(new RegExp(`^${major}\\.`));
    // Without --url nothing is said of a database.
    expect(result.sections.map(({ name }) => name)).not.toContain("drift");
    const notRun = result.sections.filter((section) => section.notRun !== null);
    expect(notRun).toMatchObject([{ name: "snapshot", notRun: "the project has no schema.sql" }]);
    expect(result.trace.map(({ version, statements }) => [version, statements === null])).toEqual([
      ["001_a", false],
      ["002_c", false],
      ["003_irreversible", false],
      ["004_index", true],
    ]);
    expect((await leftFolders()).filter((name) => !before.includes(name))).toEqual([]);
  },
  patience,
);

/** The folders of throw-away servers whose process does not run any more. */
async function leftFolders(): Promise<string[]> {
  const names = await readdir(tmpdir());
  return names.filter((name) => {
    const process = /^doramaflix-db-check-(\d+)-/.exec(name)?.[1];
    return process !== undefined && !isAlive(Number(process));
  });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const unsound = {
  "migrations/001_a.sql": migration(
    "create table a (id int primary key, b text, c text);\n" +
      "create table p (id int primary key);\ncreate table q (id int, p int references p)",
    "drop table a, q, p",
  ),
  // Its down part forgets the index's table, and the role.
  "migrations/002_role.sql": migration(
    "create role check_left_role;\ncreate table left_over ()",
    "select 1",
  ),
  "migrations/003_hidden.sql": migration(
    "do $$ begin alter table a alter column id type bigint; end $$",
    "alter table a alter column id type int",
  ),
  "migrations/004_order.sql": migration(
    "alter table a drop column b",
    "alter table a add column b text",
  ),
  "migrations/005_row_security.sql": migration(
    "alter table a enable row level security;\n" +
      "create policy mine on p using (true);\n" +
      `create table ${"x".repeat(63)} (id int primary key)`,
    `drop table ${"x".repeat(63)};\ndrop policy mine on p;\nalter table a disable row level security`,
  ),
  "migrations/006_stays.sql": migration(
    "create table s (id int primary key)",
    "drop table missing",
  ),
  "functions/definer.sql":
    "create or replace function definer() returns int language sql security definer as 'select 1';\n",
  "views/m.sql": "create materialized view m as select id from a;\n",
};

test(
  "what a migration hides, a down part that is none, and what the schema lacks are found, all in one run",
  async () => {
    const result = await check(await createProject(unsound), "--skip", "lint", "--postgres", major);
    expect(result.exitCode).toBe(1);
    const name = "x".repeat(63);
    expect(broken(result)).toEqual(
      [
        "conventions definer-without-search-path public.definer()",
        "conventions foreign-key-without-index public.q.q_p_fkey",
        `conventions name-near-limit index public.${"x".repeat(58)}_pkey`,
        `conventions name-near-limit table public.${name}`,
        "conventions no-primary-key public.left_over",
        "conventions no-primary-key public.q",
        "conventions policy-not-in-force public.p",
        "conventions row-security-without-policy public.a",
        "conventions view-not-refreshable-concurrently public.m",
        "round-trip down-moves-columns 004_order.sql:5",
        "round-trip down-not-inverse 002_role.sql:6",
        "round-trip rollback-failed 006_stays.sql:5",
        "round-trip up-not-repeatable 002_role.sql:2",
        "trace hidden-rewrite 003_hidden.sql:2",
      ].toSorted(),
    );
    const keys = result.findings.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  },
  patience,
);

test(
  "a migration that fails is found at its place, and what lies behind it is not looked at",
  async () => {
    const project = await createProject({
      ...sound,
      "migrations/002_c.sql": migration("create table c (id int);\ninsert into c values ('x')"),
    });
    const result = await check(project, "--skip", "lint");
    expect(broken(result)).toEqual(["trace migration-failed 002_c.sql:3"]);
    expect(result.exitCode).toBe(1);
    expect(result.sections).toMatchObject([
      { name: "files", notRun: null },
      { name: "trace", notRun: "ended where a migration or a file failed" },
      { name: "round-trip", notRun: "ended where a migration or a file failed" },
      { name: "snapshot", notRun: "a migration or a file failed" },
      { name: "conventions", notRun: "a migration or a file failed" },
    ]);
  },
  patience,
);

test(
  "a snapshot that snapshot-schema has written is found stale when a migration is added, at the line where it differs",
  async () => {
    const project = await createProject(sound);
    const words = ["snapshot-schema", "--postgres", major, "--project", project];
    expect(await runCli(words)).toMatchObject({ exitCode: 0 });
    const file = await readFile(join(project, "schema.sql"), "utf8");
    const tables = { "migrations/005_d.sql": migration("create table d ()", "drop table d") };
    await writeFiles(project, tables);
    const only = ["--only", "snapshot", "round-trip"];
    const result = await check(project, ...only);
    expect(result).toMatchObject({
      exitCode: 1,
      findings: [
        {
          key: "snapshot:snapshot-stale:schema.sql",
          level: "error",
          message: expect.stringContaining("\n+CREATE TABLE public.d (") as string,
          location: { file: "schema.sql", column: 1 },
        },
      ],
    });
    const [{ location }] = result.findings as [CheckResult["findings"][number]];
    expect(file.split("\n")[(location?.line ?? 0) + 2]).toContain("public.c");
    await writeFiles(project, { "migrations/005_d.sql": migration("select 1", "select 1") });
    expect(await check(project, ...only)).toMatchObject({ exitCode: 0, findings: [] });
  },
  patience,
);

test(
  "with data, what a down part loses is named; what a project takes for granted is set up first",
  async () => {
    const project = await createProject({
      "setup.sql": "create role check_granted_role",
      "migrations/001_a.sql": migration(
        "create table a (id int primary key, b text, c text);\ngrant select on a to check_granted_role",
        "drop table a",
      ),
      "migrations/002_merge.sql": migration(
        "alter table a add column d text;\nupdate a set d = b || c;\nalter table a drop column c",
        "alter table a add column c text;\nalter table a drop column d",
      ),
      "seeds-of-check/001_a.sql": "insert into a values (1, 'b', 'c') on conflict do nothing",
    });
    const options = ["--only", "round-trip"];
    expect(broken(await check(project, ...options))).toEqual([
      "trace migration-failed 001_a.sql:3",
    ]);
    const folder = join(project, "seeds-of-check");
    const setup = ["--setup", join(project, "setup.sql")];
    const result = await check(project, ...options, ...setup, "--seeds", folder);
    expect(result.findings.map(({ rule, object, level }) => [rule, object, level])).toEqual([
      ["down-loses-data", "public.a", "warning"],
      ["down-drops-new-data", "public.a", "note"],
      ["down-drops-new-data", "public.a", "note"],
    ]);
  },
  patience,
);

test(
  "the findings come in every format at once, and an accepted one in none",
  async () => {
    const project = await createProject({
      "migrations/001_a.sql": migration('create table "<&>" (id int)', 'drop table "<&>"'),
    });
    const file = (name: string): string => join(project, name);
    const formats = ["sarif", "junit", "gitlab", "markdown", "json"].map(
      (name) => `${name}=${file(name)}`,
    );
    const words = ["check", "--skip", "lint", "--postgres", major, "--project", project];
    const baseline = ["--write-baseline", file("baseline.json")];
    const first = await runCli([
      ...words,
      ...baseline,
      "--fail-on",
      "warning",
      "--format",
      "github",
      ...formats,
    ]);
    expect(first).toMatchObject({ exitCode: 1 });
    expect(first.stdout).toContain(
      "::warning file=migrations/001_a.sql,line=1,col=1,title=no-primary-key::",
    );
    const read = async (name: string): Promise<string> => readFile(file(name), "utf8");
    const log = JSON.parse(await read("sarif")) as Log;
    expect(sarifProblems(log)).toEqual([]);
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "doramaflix-db", rules: [{ id: "no-primary-key" }] } },
          results: [{ ruleId: "no-primary-key", ruleIndex: 0, level: "warning" }],
        },
      ],
    });
    const junit = new XMLParser({ ignoreAttributes: false }).parse(await read("junit")) as {
      readonly testsuites: { readonly testsuite: readonly { readonly testcase: object }[] };
    };
    expect(junit.testsuites).toMatchObject({ "@_failures": "1" });
    expect(junit.testsuites.testsuite.at(-1)?.testcase).toMatchObject({
      "@_name": 'conventions:no-primary-key:public."<&>"',
      failure: { "@_type": "warning" },
    });
    expect(JSON.parse(await read("gitlab"))).toMatchObject([
      { check_name: "no-primary-key", severity: "minor", location: { lines: { begin: 1 } } },
    ]);
    expect(await read("markdown")).toContain("1 warning");
    expect(JSON.parse(await read("json"))).toMatchObject({ findings: [{ level: "warning" }] });
    const second = await check(project, "--skip", "lint", "--baseline", file("baseline.json"));
    expect(second).toMatchObject({ findings: [], baseline: { suppressed: 1, unused: [] } });
  },
  patience,
);

test("SARIF with the places of statements, without a server, is valid; what is none is not", async () => {
  const project = await createProject({
    "migrations/001_a.sql": migration('create table "é" (id bigint)', 'drop table "é"'),
    "migrations/002_b.sql": migration('create index on "é" (id); drop table "é"', "select 1"),
  });
  const words = ["check", "--only", "files", "lint", "--project", project, "--format", "sarif"];
  const { stdout } = await runCli(words);
  const log = JSON.parse(stdout) as Log;
  expect(log.runs[0]?.results?.length).toBeGreaterThan(1);
  expect(sarifProblems(log)).toEqual([]);
  expect(sarifProblems({ ...log, version: "2.0" })).not.toEqual([]);
  expect(sarifProblems({ ...log, runs: [{ results: [{ level: "bad" }] }] })).not.toEqual([]);
});

test(
  "Ctrl-C ends the server and removes its folder; another check at the same time goes on",
  async () => {
    const project = await createProject(sound);
    const words = ["check", "--postgres", major, "--project", project];
    const interrupted = startCli(words);
    const other = check(project, "--skip", "lint");
    await expect
      .poll(async () => folderOf(interrupted.child.pid ?? 0), { timeout: 60_000 })
      .not.toBeUndefined();
    interrupted.child.kill("SIGINT");
    expect(await interrupted.result).toMatchObject({ exitCode: 130 });
    expect(await folderOf(interrupted.child.pid ?? 0)).toBeUndefined();
    expect(await other).toMatchObject({ exitCode: 0, findings: [] });
  },
  patience,
);

async function folderOf(pid: number): Promise<string | undefined> {
  const names = await readdir(tmpdir());
  return names.find((name) => name.startsWith(`doramaflix-db-check-${pid}-`));
}

test.each([
  ["a format that is none", ["--format", "pdf"], '"pdf" is no format.'],
  ["two in place of the text", ["--format", "json", "sarif"], "Only one format"],
  ["nothing to check", ["--only", "files", "--skip", "files"], "Nothing is left"],
  ["another version", ["--postgres", "14"], "15, 16, 17, 18"],
  ["a file that is not there", ["--setup", "/nonexistent/setup.sql"], "Cannot read the file"],
])("%s is refused before anything begins", async (_what, options, message) => {
  const { exitCode, stderr } = await runCli(["check", "--project", packageRoot, ...options]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringContaining(message) as string,
  });
});

test(
  "Doramaflix is clean, but for what its baseline accepts",
  async () => {
    const baseline = join(packageRoot, "check-baseline.json");
    const result = await check(packageRoot, "--baseline", baseline, "--fail-on", "note");
    expect(result).toMatchObject({ exitCode: 0, findings: [], baseline: { unused: [] } });
  },
  patience,
);
