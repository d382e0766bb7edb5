// Checks who imports whom in src/; the rules are in .dependency-cruiser.cjs.
import "./require-node.js";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { root } from "./lib/root.js";

process.chdir(root);
const { forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs");
const { output } = await cruise(
  ["src"],
  { ...options, ruleSet: { forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig(join(root, options.tsConfig.fileName)) },
);

const comments = new Map(forbidden.map(({ name, comment }) => [name, comment]));
for (const { rule, from, to, cycle } of output.summary.violations) {
  const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(" → ");
  console.log(`${rule.name}: ${from} → ${way}\n  ${comments.get(rule.name)}`);
}

// With a compiler that it does not know, the tool sees no module and finds nothing wrong.
const seen = output.modules.filter(({ source }) => /^src\/.*\.ts$/.test(source)).length;
const there = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".ts"),
).length;
if (seen < there) {
  console.log(`Only ${seen} of the ${there} files in src/ were seen: the check itself is broken.`);
}
process.exitCode = output.summary.violations.length > 0 || seen < there ? 1 : 0;
