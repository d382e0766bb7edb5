// Prints "tests: N passed, N failed" from the JSON reports of vitest in a folder; fails where a test failed or none ran.
import "./require-node.js";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const reports = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));

const total = (field) => reports.reduce((sum, report) => sum + (report[field] ?? 0), 0);
const [passed, failed, pending] = ["numPassedTests", "numFailedTests", "numPendingTests"].map(
  total,
);
const skipped = pending > 0 ? `, ${pending} skipped` : "";

console.log(`tests: ${passed} passed, ${failed} failed${skipped}`);
const succeeded = reports.length > 0 && reports.every(({ success }) => success);
process.exitCode = succeeded && passed > 0 && failed === 0 ? 0 : 1;
