// Reads the JSON reports of vitest in a folder, each named after the server it ran on; prints a line for each project
// and server, then "tests: N passed, N failed". Fails where a test failed or none ran.
import "./require-node.js";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { root } from "./lib/root.js";

const [folder] = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .toSorted()
  .flatMap((name) => {
    const server = basename(name, ".json");
    const { testResults } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    return testResults.map((file) => Object.assign(file, { server }));
  });

/** Unit tests and the like use no server, whatever the report is called. */
function groupOf({ server, name }) {
  const [project] = relative(join(root, "tests"), name).split(sep);
  return ["architecture", "unit"].includes(project) ? "unit" : `${project}, ${server}`;
}

/** A file that could not be loaded has no tests, and is a failure all the same. */
function countsOf(group) {
  const tests = group.flatMap(({ assertionResults }) => assertionResults);
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  const broken = group.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: count("passed"),
    failed: count("failed") + broken.length,
    skipped: count("pending", "skipped", "todo", "disabled"),
    seconds: group.reduce((sum, { startTime, endTime }) => sum + (endTime - startTime) / 1000, 0),
  };
}

for (const name of new Set(files.map(groupOf))) {
  const group = files.filter((file) => groupOf(file) === name);
  const { passed, failed, skipped, seconds } = countsOf(group);
  console.log(
    `${name.padEnd(24)} ${String(passed).padStart(5)} passed, ${failed} failed, ${skipped} skipped, ${seconds.toFixed(0)} s`,
  );
}
const { passed, failed } = countsOf(files);
console.log(`tests: ${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
