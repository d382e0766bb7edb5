import { execFile } from "node:child_process";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import type { CheckResult } from "../../src/checks/results.ts";
import { runCli } from "../support/cli.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";

// Many runs of git and of the tool, one after the other.
vi.setConfig({ testTimeout: 180_000 });

const one = migration("create table one (id int primary key)", "drop table one");
const two = migration("create table two (id int primary key)", "drop table two");
const three = migration("create table three (id int primary key)", "drop table three");

async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  const settings = [...who, "-c", "core.autocrlf=false", "-c", "protocol.file.allow=always"];
  const { stdout } = await promisify(execFile)("git", [...settings, ...args], { cwd: folder });
  return stdout;
}

async function commit(folder: string, message = "change"): Promise<void> {
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", message);
}

/** A repository on a branch that has just left "main"; the project lies in the folder "db". */
async function createBranch(
  files: Readonly<Record<string, string>> = { "001_one.sql": one, "002_two.sql": two },
): Promise<{ readonly root: string; readonly project: string }> {
  const root = await createProject({ "readme.md": "A project.\n" });
  const project = join(root, "db");
  await writeFiles(project, { "views/.keep": "" });
  await writeMigrations(project, files);
  await git(root, "init", "--quiet", "--initial-branch", "main");
  await commit(root);
  await git(root, "switch", "--quiet", "--create", "work");
  return { root, project };
}

async function writeMigrations(
  project: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(join(project, "migrations"), { recursive: true });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(project, "migrations", name), text);
}

async function check(project: string, base = "main"): Promise<CheckResult> {
  const options = ["--only", "files", "--base", base, "--json", "--project", project];
  const { stdout, stderr } = await runCli(["check", ...options]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as CheckResult;
}

/** The rules that were broken, each with its file. */
async function brokenRules(project: string, base = "main"): Promise<string[]> {
  const { findings } = await check(project, base);
  return findings.map(({ rule, location }) => `${rule} ${location?.file ?? ""}`);
}

async function commitEmpty(root: string): Promise<void> {
  await git(root, "commit", "--quiet", "--allow-empty", "--message", "nothing");
}

describe("files and the base branch", () => {
  test("a branch that only adds what comes behind has no findings, committed or not", async () => {
    const { root, project } = await createBranch();
    expect(await brokenRules(project)).toEqual([]);
    await writeMigrations(project, { "003_three.sql": three });
    const { findings, folder, migrations } = await check(project);
    expect({ findings, folder, tried: migrations.tried }).toEqual({
      findings: [],
      folder: "db/",
      tried: ["003_three"],
    });
    await commit(root);
    expect(await brokenRules(project)).toEqual([]);
  });

  test("other line endings and a byte-order mark are no change", async () => {
    const { project } = await createBranch();
    await writeMigrations(project, { "001_one.sql": `\uFEFF${one.replaceAll("\n", "\r\n")}` });
    expect(await brokenRules(project)).toEqual([]);
  });

  test("a changed, a renamed and a missing migration are found", async () => {
    const { project } = await createBranch({
      "001_one.sql": one,
      "002_two.sql": two,
      "003_three.sql": three,
    });
    await writeMigrations(project, { "001_one.sql": `${one}-- a word more\n` });
    await rename(
      join(project, "migrations/003_three.sql"),
      join(project, "migrations/003_tree.sql"),
    );
    expect(await brokenRules(project)).toEqual([
      "migration-changed migrations/001_one.sql",
      "migration-renamed migrations/003_tree.sql",
      "number-taken migrations/003_tree.sql",
    ]);
    await rm(join(project, "migrations/003_tree.sql"));
    expect(await brokenRules(project)).toContain("migration-missing migrations/003_three.sql");
  });

  test("what the base branch has added since counts: a number that is taken, and one left behind", async () => {
    const { root, project } = await createBranch();
    await writeMigrations(project, { "003_mine.sql": three });
    await commit(root);
    await git(root, "switch", "--quiet", "main");
    await writeMigrations(project, { "003_theirs.sql": three });
    await commit(root);
    await git(root, "switch", "--quiet", "work");
    expect(await brokenRules(project)).toEqual(["number-taken migrations/003_mine.sql"]);
    await git(root, "switch", "--quiet", "main");
    await writeMigrations(project, { "004_later.sql": two });
    await rm(join(project, "migrations/003_theirs.sql"));
    await commit(root);
    await git(root, "switch", "--quiet", "work");
    const { findings } = await check(project);
    expect(findings).toMatchObject([
      {
        rule: "out-of-order",
        cure: expect.stringContaining("migrations/005_mine.sql") as string,
        key: "files:out-of-order:migrations/003_mine.sql",
      },
    ]);
  });

  test("a base without the folder has no migrations", async () => {
    const { root, project } = await createBranch({});
    expect((await check(project)).migrations.tried).toEqual([]);
    await git(root, "switch", "--quiet", "--create", "more");
    await writeMigrations(project, { "001_one.sql": one });
    const { findings, migrations } = await check(project);
    expect({ findings, tried: migrations.tried }).toEqual({ findings: [], tried: ["001_one"] });
  });

  test("a shallow clone that does not reach back to the fork is compared with the branch itself", async () => {
    const { root } = await createBranch();
    await commitEmpty(root);
    const clone = join(await createProject({}), "clone");
    const source = ["--branch", "work", "--depth", "1", `file://${root}`];
    await git(root, "clone", "--quiet", ...source, clone);
    const project = join(clone, "db");
    const missing = await runCli([
      "check",
      "--only",
      "files",
      "--base",
      "origin/main",
      "--project",
      project,
    ]);
    expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
    expect(missing.stderr).toContain("git fetch origin main");
    await git(clone, "fetch", "--quiet", "--depth", "1", "origin", "main:refs/remotes/origin/main");
    expect(await brokenRules(project, "origin/main")).toEqual([]);
  });

  test("without a repository or without git the comparison is refused, and all the rest is not", async () => {
    const project = await createProject({ "migrations/001_one.sql": one });
    const words = ["check", "--only", "files", "--project", project];
    const refused = await runCli([...words, "--base", "main", "--json"]);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: "BASE_UNUSABLE", exitCode: 2 },
    });
    expect(refused.stderr).toContain("Run the command in a clone");
    const withoutGit = { env: { PATH: "/nonexistent" } };
    expect((await runCli([...words, "--base", "main"], withoutGit)).stderr).toContain(
      "There is no program git.",
    );
    expect(await runCli(words, withoutGit)).toMatchObject({ exitCode: 0 });
  });

  test("every file that cannot be used is named, and the others are still looked at", async () => {
    const project = await createProject({
      "migrations/001_one.sql": one,
      "migrations/002_a.sql": migration("create tabel a ()"),
      "migrations/003_b.sql": "create table b ();\n",
      "migrations/003_c.sql": three,
      "migrations/004_d.sql": migration("commit"),
      "migrations/009_e.sql": two,
      "migrations/Ten.sql": two,
      "functions/f.sql": "create table f ();\n",
      "views/v.sql":
        "create or replace view v as select 1;\ncreate or replace view w as select 1;\n",
    });
    const { exitCode, stdout } = await runCli(["check", "--json", "--project", project]);
    const { findings, sections } = JSON.parse(stdout) as CheckResult;
    expect(exitCode).toBe(1);
    expect(
      findings.map(({ rule, location }) => `${rule} ${location?.file}:${location?.line}`),
    ).toEqual([
      "migration-syntax migrations/002_a.sql:2",
      "migration-file-invalid migrations/003_b.sql:1",
      "migration-statement-forbidden migrations/004_d.sql:2",
      "migration-file-invalid migrations/Ten.sql:1",
      "definition-file-invalid functions/f.sql:1",
      "definition-file-invalid views/v.sql:2",
      "number-gap migrations/003_c.sql:1",
      "number-gap migrations/009_e.sql:1",
    ]);
    expect(sections.filter(({ notRun }) => notRun === null).map(({ name }) => name)).toEqual([
      "files",
    ]);
  });
});
