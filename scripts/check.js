// Runs every script of package.json whose name begins with "check:", all at once; prints what those that fail have said.
import "./require-node.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./lib/root.js";
import { run } from "./lib/run.js";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const names = Object.keys(scripts).filter((name) => name.startsWith("check:"));

const failures = [];
await Promise.all(
  names.map(async (name) => {
    const startedAt = performance.now();
    const { exitCode, output } = await run("npm", ["run", "--silent", name]);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      `${exitCode === 0 ? "ok    " : "FAILED"} ${name.padEnd(20)} ${seconds.padStart(5)} s`,
    );
    if (exitCode !== 0) failures.push({ name, output });
  }),
);

for (const { name, output } of failures)
  console.log(`\n--- ${name}\n${stripVTControlCharacters(output).trim()}`);
if (failures.length > 0) {
  const list = failures.map(({ name }) => `"npm run ${name}"`).join(", ");
  console.log(`\n${failures.length} of ${names.length} checks failed: ${list}.`);
  process.exitCode = 1;
}
