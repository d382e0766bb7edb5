// Prints how much of src/ the tests of the unit, database and cli projects run, by folder, and the lines that none of
// them runs. The program itself runs in processes of its own, from dist/: Node writes what they ran, and source maps,
// which only this build has, lead back to src/. Fails where a test fails and never for a number.
import "./require-node.js";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { Report } from "c8";
import libCoverage from "istanbul-lib-coverage";
import { bundle } from "./lib/bundle.js";
import { prepare } from "./lib/prepare.js";
import { root } from "./lib/root.js";
import { run } from "./lib/run.js";

process.chdir(root);
const folder = mkdtempSync(join(tmpdir(), "doramaflix-db-coverage-"));
const processes = join(folder, "processes");

await prepare();
try {
  await bundle({ sourceMaps: true });
  const inTests = await runTests();
  const inProgram = await readProcesses();
  print(linesOf(inTests, inProgram));
} finally {
  await bundle();
  rmSync(folder, { recursive: true, force: true });
}

/** Returns what ran in the processes of the tests themselves. */
async function runTests() {
  const reports = join(folder, "tests");
  const projects = ["unit", "database", "cli"].flatMap((name) => ["--project", name]);
  const coverage = [
    "provider=v8",
    "reporter=json",
    "include=src/**",
    `reportsDirectory=${reports}`,
  ];
  const { exitCode } = await run(
    "npx",
    ["--no-install", "vitest", "run", ...projects, "--coverage"].concat(
      coverage.map((option) => `--coverage.${option}`),
      "--coverage.reportOnFailure",
      process.argv.slice(2),
    ),
    { show: true, env: { ...process.env, NODE_V8_COVERAGE: processes } },
  );
  process.exitCode = exitCode;
  const report = readFileSync(join(reports, "coverage-final.json"), "utf8");
  return libCoverage.createCoverageMap(JSON.parse(report));
}

/** Returns what ran in the processes of the program, which Node has written into one file for each. */
async function readProcesses() {
  const report = new Report({
    reporter: [],
    tempDirectory: processes,
    include: ["dist/**", "src/**"],
    excludeAfterRemap: true,
    mergeAsync: true,
  });
  return report.getCoverageMapFromAllCoverageFiles();
}

/** Returns for each file of src/ which of its lines hold a statement, and which of these ran in neither. */
function linesOf(inTests, inProgram) {
  return inTests
    .files()
    .toSorted()
    .map((file) => {
      const here = inTests.fileCoverageFor(file).getLineCoverage();
      const there = inProgram.files().includes(file)
        ? inProgram.fileCoverageFor(file).getLineCoverage()
        : {};
      const lines = Object.keys(here).map(Number);
      return {
        path: relative(root, file),
        lines,
        missed: lines.filter((line) => here[line] === 0 && !(there[line] > 0)),
      };
    });
}

function print(files) {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))];
  const groups = folders.map((name) => [name, files.filter(({ path }) => dirname(path) === name)]);
  console.log(`\n${row(["folder", "lines", "run", ""])}`);
  for (const [name, all] of [...groups, ["all", files]]) {
    const [lines, missed] = [all.flatMap((each) => each.lines), all.flatMap((each) => each.missed)];
    const ran = lines.length - missed.length;
    console.log(row([name, lines.length, ran, `${((100 * ran) / lines.length).toFixed(1)} %`]));
  }
  console.log("\nLines that no test runs:");
  for (const { path, missed } of files.filter((each) => each.missed.length > 0)) {
    console.log(`  ${path}: ${ranges(missed)}`);
  }
}

function row([name, ...numbers]) {
  return name.padEnd(16) + numbers.map((number) => String(number).padStart(9)).join("");
}

/** Writes 3, 4, 5 and 9 as "3-5, 9". */
function ranges(lines) {
  const parts = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last !== undefined && last.end === line - 1) last.end = line;
    else parts.push({ begin: line, end: line });
  }
  return parts.map(({ begin, end }) => (begin === end ? `${begin}` : `${begin}-${end}`)).join(", ");
}
