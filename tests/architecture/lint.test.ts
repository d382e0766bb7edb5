import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";

/** A file, and the rules that it breaks in the order of their names. */
interface Probe {
  readonly path: string;
  readonly text: string;
  readonly rules: readonly string[];
}

const probes: Probe[] = [];
let root: string;
let broken: ReadonlyMap<string, readonly string[]>;

function breaking(rules: readonly string[], text: string, folder = "src"): Probe {
  const ending = folder === "tests" ? "test.ts" : "ts";
  const probe = { path: `${folder}/probe${probes.length}.${ending}`, text, rules };
  probes.push(probe);
  return probe;
}

function sending(rules: readonly string[], query: string): Probe {
  return breaking(
    rules,
    `import type { Sql } from "postgres";

export async function probe(sql: Sql): Promise<void> {
  ${query};
  await sql.end();
}
`,
  );
}

function testing(rules: readonly string[], text: string): Probe {
  const imports = 'import { describe, expect, test } from "vitest";\n\n';
  return breaking(rules, `${imports}describe("it", () => {\n${text}\n});\n`, "tests");
}

const body = "{ expect(1).toBe(1); }";
const floating = "typescript(no-floating-promises)";

/** What the rules are there to find, each with examples that the one run of the linter below looks at. */
const mistakes: Readonly<Record<string, readonly Probe[]>> = {
  // The driver sends a query when it is awaited: one that is not awaited never runs, and nobody is told.
  "a query that is not awaited": [
    sending([floating], "sql.unsafe('select 1')"),
    sending(["eslint(no-unused-expressions)", floating], "sql`select 1`"),
    sending([], "await sql`select 1`"),
  ],
  "environment, output and exit outside of src/main.ts": [
    breaking(["node(no-process-env)"], 'export const home = process.env["HOME"];\n'),
    breaking(["eslint(no-restricted-properties)"], "process.exitCode = 1;\n"),
    breaking(["unicorn(no-process-exit)"], "process.exit(1);\n"),
    breaking(["eslint(no-console)"], 'console.log("done");\n'),
    breaking(["eslint(no-restricted-properties)"], 'process.stdout.write("done");\n'),
  ],
  "a test that compares nothing": [
    testing(["vitest(expect-expect)"], 'test("a", () => { void expect; });'),
    testing([], `test("a", () => ${body});`),
  ],
  "a test that keeps the others from running": [
    testing(["vitest(no-focused-tests)"], `test.only("a", () => ${body});`),
    testing(
      ["vitest(no-focused-tests)"],
      `describe.only("a", () => { test("b", () => ${body}); });`,
    ),
  ],
  "a test that is left out without a reason": [
    testing(["vitest(no-disabled-tests)"], `test.skip("a", () => ${body});`),
    testing(
      ["vitest(no-disabled-tests)"],
      `describe.skip("a", () => { test("b", () => ${body}); });`,
    ),
    testing(["vitest(warn-todo)"], `test.todo("a");\ntest("b", () => ${body});`),
    testing([], `test("a", (context) => { context.skip("no psql"); expect(1).toBe(1); });`),
  ],
};

// In a folder of their own: a file in src/ would be built and linted by whoever is at it at the same time.
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "doramaflix-db-lint-"));
  for (const name of [".oxlintrc.json", "tsconfig.json"]) {
    copyFileSync(join(packageRoot, name), join(root, name));
  }
  symlinkSync(join(packageRoot, "node_modules"), join(root, "node_modules"), "dir");
  for (const folder of ["src", "tests"]) mkdirSync(join(root, folder));
  for (const { path, text } of probes) writeFileSync(join(root, path), text);
  broken = lint(root);
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Returns the rules that each file breaks, by path. */
function lint(folder: string): Map<string, string[]> {
  const linter = join(packageRoot, "node_modules", ".bin", "oxlint");
  const options = ["--type-aware", "--format=json", "src", "tests"];
  const { stdout } = spawnSync(linter, options, { cwd: folder, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string }[];
  };
  const found = new Map<string, string[]>();
  for (const { code, filename } of diagnostics) {
    found.set(filename, [...(found.get(filename) ?? []), code].toSorted());
  }
  return found;
}

test.for(Object.entries(mistakes))("%s fails the lint", ([, examples]) => {
  for (const { path, text, rules } of examples) {
    expect(broken.get(path) ?? [], text).toEqual(rules);
  }
});
