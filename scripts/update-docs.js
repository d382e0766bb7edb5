// Writes the help texts of the built program, and the list of locks, into the pages that show them; with --check, says which are out of date.
import "./require-node.js";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandsWithoutPage, pagesWithHelp } from "./lib/command-reference.js";
import { pageOfLocks } from "./lib/lock-reference.js";
import { prepare } from "./lib/prepare.js";
import { root } from "./lib/root.js";

const checkOnly = process.argv.includes("--check");
if (!checkOnly) await prepare();

const pages = [...(await pagesWithHelp()), pageOfLocks()];
const outdated = pages.filter(({ text, current }) => text !== current);
for (const { path, current } of outdated) {
  if (!checkOnly) writeFileSync(join(root, path), current);
  console.log(checkOnly ? `${path} is out of date: run "npm run docs".` : `${path} is updated.`);
}

const missing = await commandsWithoutPage();
for (const line of missing) {
  console.log(
    `No page shows the help of "${line}": put "<!-- help: ${line} -->" into docs/commands.md.`,
  );
}

if (missing.length > 0 || (checkOnly && outdated.length > 0)) process.exitCode = 1;
