import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";

/** Returns the rules that a file of src/ with this text breaks. */
function lint(text: string): string[] {
  const file = join(packageRoot, "src", `lint-probe-${process.pid}.ts`);
  writeFileSync(file, text);
  try {
    const linter = join(packageRoot, "node_modules", ".bin", "oxlint");
    const { stdout } = spawnSync(linter, ["--type-aware", "--format=json", file], {
      cwd: packageRoot,
      encoding: "utf8",
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    return diagnostics.map(({ code }) => code);
  } finally {
    rmSync(file, { force: true });
  }
}

function sending(query: string): string {
  return `import type { Sql } from "postgres";

export async function probe(sql: Sql): Promise<void> {
  ${query};
  await sql.end();
}
`;
}

// The driver sends a query when it is awaited: one that is not awaited never runs, and nobody is told.
test("a query that is not awaited fails the lint", () => {
  const floating = "typescript(no-floating-promises)";
  expect(lint(sending("sql.unsafe('select 1')"))).toEqual([floating]);
  expect(lint(sending("sql`select 1`"))).toContain(floating);
  expect(lint(sending("await sql`select 1`"))).toEqual([]);
});

test("only src/main.ts reads the environment, prints and ends the process", () => {
  expect(lint('export const home = process.env["HOME"];\n')).toEqual(["node(no-process-env)"]);
  expect(lint("process.exitCode = 1;\n")).toEqual(["eslint(no-restricted-properties)"]);
  expect(lint("process.exit(1);\n")).toEqual(["unicorn(no-process-exit)"]);
  expect(lint('console.log("done");\n')).toEqual(["eslint(no-console)"]);
  expect(lint('process.stdout.write("done");\n')).toEqual(["eslint(no-restricted-properties)"]);
});
