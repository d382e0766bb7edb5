// Reads the JSON reports of vitest in a folder, each named after the server it ran on; prints a line for each project
// and server, each failure with the beginning of its reason (what the runs themselves printed may be thousands of lines
// above), then "tests: N passed, N failed". Fails where a test failed or none ran.
import "./require-node.js";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { stripVTControlCharacters } from "node:util";
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

/** A file that could not be loaded has no failed test, and is a failure all the same. */
function failuresOf(group) {
  return group.flatMap(({ server, name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => ({
        server,
        test: `${file}: ${test.fullName}`,
        reason: test.failureMessages[0],
      }));
    return status === "failed" && failed.length === 0
      ? [{ server, test: file, reason: message }]
      : failed;
  });
}

function countsOf(group) {
  const tests = group.flatMap(({ assertionResults }) => assertionResults);
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  return {
    passed: count("passed"),
    failed: failuresOf(group).length,
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
for (const { server, test, reason } of failuresOf(files)) {
  const lines = stripVTControlCharacters(reason ?? "")
    .split("\n")
    .slice(0, 10);
  console.log(
    `failed: ${server}, ${test}\n${lines.map((line) => `  ${line.slice(0, 200)}\n`).join("")}`,
  );
}
const { passed, failed } = countsOf(files);
console.log(`tests: ${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
