// Checks what "npm publish" would send: its shape, that everything the program needs is in it, and nothing else.
import "./require-node.js";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root } from "./lib/root.js";
import { run } from "./lib/run.js";

/** Files, and folders of which every file is needed. */
const required = [
  "bin/doramaflix-db.js",
  "dist/program/main.js",
  "sql",
  "migrations",
  "functions",
  "views",
  "seeds",
  "docs",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "package.json",
];
const optionalFolders = new Set(["migrations", "functions", "views", "seeds"]);
const allowed = /^(bin|dist|sql|migrations|functions|views|seeds|docs)\/|^[^/]+$/;

const problems = [];

const { messages, pkg } = await publint({ pkgDir: root, pack: false, strict: true });
problems.push(...messages.map((message) => formatMessage(message, pkg)));

const pack = await run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--silent"]);
const files = filesIn(pack.output);
for (const path of required.flatMap(filesBelow)) {
  if (!files.includes(path)) {
    problems.push(`The package lacks "${path}": see "files" in package.json.`);
  }
}
for (const path of files.filter((each) => !allowed.test(each) || /\.test\./.test(each))) {
  problems.push(`The package has "${path}" in it: leave it out of "files" in package.json.`);
}

for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** npm writes warnings before the JSON document. */
function filesIn(output) {
  const start = output.search(/^[[{]/m);
  const document = JSON.parse(output.slice(start));
  const [packed] = Array.isArray(document) ? document : Object.values(document);
  return packed.files.map(({ path }) => path);
}

/** A project may have no views yet, and git keeps no empty folder; a missing file must be reported. */
function filesBelow(path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (stats === undefined && optionalFolders.has(path)) return [];
  if (stats?.isDirectory() !== true) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: "utf8" })
    .map((below) => `${path}/${below.replaceAll("\\", "/")}`)
    .filter((below) => statSync(join(root, below)).isFile());
}
