import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import config from "../../vitest.config.ts";
import { filesBelow } from "./files.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "doramaflix-db-checks-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function node(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

test("npm run check runs every check:* script of package.json, and fails with the names of those that fail", () => {
  cpSync(join(packageRoot, "scripts"), join(folder, "scripts"), { recursive: true });
  const scripts = {
    "check:fine": "node --eval 'process.exit(0)'",
    "check:broken": "node --eval 'console.log(\"a reason\"); process.exit(3)'",
    other: "node --eval 'process.exit(1)'",
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", scripts }));
  const { status, stdout } = node("scripts/check.js");
  expect(status).toBe(1);
  expect(stdout).toMatch(/^ok {5}check:fine/m);
  expect(stdout).toMatch(/^FAILED check:broken/m);
  expect(stdout).toContain("--- check:broken\na reason");
  expect(stdout).toContain('1 of 2 checks failed: "npm run check:broken".');
});

test("a test that compares nothing fails when it runs", () => {
  // Beside the packages of the repository, with its own settings and files of its own.
  symlinkSync(join(packageRoot, "node_modules"), join(folder, "node_modules"), "dir");
  writeFileSync(
    join(folder, "empty.test.js"),
    'import { expect, test } from "vitest";\n' +
      'test("silent", () => {});\ntest("speaking", () => expect(1).toBe(1));\n',
  );
  const { expect: settings } = config.test ?? {};
  writeFileSync(
    join(folder, "vitest.config.js"),
    `export default { test: ${JSON.stringify({ expect: settings })} };\n`,
  );
  const { status, stdout } = node("node_modules/vitest/vitest.mjs", "run", "--reporter=json");
  const { numPassedTests, testResults } = JSON.parse(stdout) as {
    numPassedTests: number;
    testResults: { assertionResults: { title: string; failureMessages: string[] }[] }[];
  };
  expect(status).toBe(1);
  expect(numPassedTests).toBe(1);
  const [silent] = testResults[0]?.assertionResults ?? [];
  expect(silent).toMatchObject({
    title: "silent",
    failureMessages: [expect.stringContaining("expected any number of assertion") as string],
  });
});

interface Project {
  readonly test: {
    readonly name: string;
    readonly include: readonly string[];
  };
  readonly extends?: true;
}

const projects = (config.test?.projects ?? []) as readonly Project[];

test("every test file belongs to a project, and every project has one", () => {
  const files = filesBelow(".").filter((path) => /\.test\.\w+$/.test(path));
  const included = projects.map(({ test: { name, include } }) => ({
    name,
    files: files.filter((path) => include.some((pattern) => matches(path, pattern))),
  }));
  const run = new Set(included.flatMap((project) => project.files));
  expect(files.filter((path) => !run.has(path))).toEqual([]);
  expect(included.filter((project) => project.files.length === 0)).toEqual([]);
});

/** Knows the one form of pattern that the projects use: all tests below a folder. */
function matches(path: string, pattern: string): boolean {
  const ending = "/**/*.test.ts";
  expect(pattern.endsWith(ending), pattern).toBe(true);
  return path.startsWith(`${pattern.slice(0, -ending.length)}/`) && path.endsWith(".test.ts");
}

test("every project takes over the settings that hold for all tests", () => {
  expect(config.test?.expect).toEqual({ requireAssertions: true, poll: { timeout: 30_000 } });
  expect(projects.filter((project) => project.extends !== true)).toEqual([]);
});
