import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.js";
import { run } from "./run.js";

/** Installs and builds what is missing or stale; ends the process where that fails. */
export async function prepare() {
  if (modifiedAt("node_modules/.package-lock.json") < modifiedAt("package-lock.json")) {
    await step("Installing the packages", [
      "npm",
      ["ci", "--no-fund", "--no-audit", "--loglevel=error"],
    ]);
  }
  if (modifiedAt("dist/program/main.js") < newestSource()) {
    await step("Building the program", [process.execPath, ["scripts/build.js"]]);
  }
}

async function step(what, [file, args]) {
  const startedAt = performance.now();
  process.stdout.write(`${what} … `);
  const { exitCode, output } = await run(file, args);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(exitCode === 0 ? `done in ${seconds} s` : "failed:");
  if (exitCode === 0) return;
  console.error(`\n${output.trim()}`);
  process.exit(1);
}

/** Milliseconds since 1970; 0 for a file that is not there. */
function modifiedAt(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Folders count, because a file that was deleted leaves its mark there only. */
function newestSource() {
  const inside = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  const sources = ["src", "tsconfig.json", "scripts/lib/bundle.js"];
  sources.push(...inside.map((path) => join("src", path)));
  return Math.max(...sources.map(modifiedAt));
}
