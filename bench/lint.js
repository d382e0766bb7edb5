// What squawk finds in the migrations that our own rules are tested with: npm run bench -- lint
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../scripts/lib/root.js";

const release = "squawk-cli@2.66.0";

/** A run sets both timeouts itself, and the other two are opinions that the corpus does not share. */
const excluded = [
  "require-lock-timeout",
  "require-statement-timeout",
  "prefer-robust-stmts",
  "prefer-text-field",
];

const corpus = join(root, "tests", "database", "checks", "corpus");

/** Ours are not run here: the tests demand that they find exactly what the corpus says. */
export default function compare() {
  const folder = mkdtempSync(join(tmpdir(), "lint-"));
  try {
    // Its programs are packages of npm; an install script would have nothing to do.
    const quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", "--prefix", folder, ...quiet, release]);
    const cases = readCases();
    const found = squawk(folder, cases);
    const rows = [...new Set(cases.map(({ family }) => family))].map((family) =>
      rowOf(
        family,
        cases.filter((each) => each.family === family),
        found,
      ),
    );
    console.log("| migrations | unsafe | squawk finds | safe | squawk finds |");
    console.log("|---|---|---|---|---|");
    for (const row of [...rows, rowOf("all", cases, found)]) console.log(`| ${row.join(" | ")} |`);
    report(
      "Unsafe, and not found:",
      cases.filter((each) => each.isUnsafe && !found.has(each)),
    );
    report(
      "Safe, and found:",
      cases.filter((each) => !each.isUnsafe && found.has(each)),
      found,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same headings as tests/database/checks/corpus.ts reads. */
function readCases() {
  const files = readdirSync(corpus).filter((name) => name !== "setup.sql");
  return files.flatMap((name) =>
    readFileSync(join(corpus, name), "utf8")
      .split(/^(?=-- (?:unsafe|safe): )/m)
      .filter((text) => text.trim() !== "")
      .map((text) => ({
        family: name.replace(/\.sql$/, ""),
        title: text.slice(0, text.indexOf("\n")),
        isUnsafe: text.startsWith("-- unsafe"),
        transaction: !text.includes("\n-- transaction:false\n"),
        text,
      })),
  );
}

/** Returns the rules that squawk names for each migration in which it finds something. */
function squawk(folder, cases) {
  const found = new Map();
  for (const transaction of [true, false]) {
    const chosen = cases.filter((each) => each.transaction === transaction);
    const paths = chosen.map((each, place) => {
      const path = join(folder, `${transaction}-${place}.sql`);
      writeFileSync(path, each.text);
      return path;
    });
    const options = ["--reporter", "json", "--pg-version", "18", "--exclude", excluded.join(",")];
    if (transaction) options.push("--assume-in-transaction");
    const program = join(folder, "node_modules", ".bin", "squawk");
    const { stdout } = spawnSync(program, [...options, ...paths], { encoding: "utf8" });
    for (const { file, rule_name: rule } of JSON.parse(stdout)) {
      const each = chosen[paths.indexOf(file)];
      found.set(each, [...new Set([...(found.get(each) ?? []), rule])]);
    }
  }
  return found;
}

function rowOf(family, cases, found) {
  const count = (isUnsafe) => {
    const chosen = cases.filter((each) => each.isUnsafe === isUnsafe);
    return [chosen.length, chosen.filter((each) => found.has(each)).length];
  };
  return [family, ...count(true), ...count(false)];
}

function report(heading, cases, found = new Map()) {
  console.log(`\n${heading}`);
  for (const each of cases) {
    console.log(`  ${each.family}: ${each.title} ${(found.get(each) ?? []).join(", ")}`.trimEnd());
  }
}
