// Prints "tests: N passed, N failed" from the JSON report of vitest; fails where a test failed or none ran.
import "./require-node.js";
import { existsSync, readFileSync } from "node:fs";

const [path] = process.argv.slice(2);
const report = existsSync(path)
  ? JSON.parse(readFileSync(path, "utf8"))
  : { numPassedTests: 0, numFailedTests: 0, success: false };
const { numPassedTests, numFailedTests, numPendingTests = 0, success } = report;
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : "";

console.log(`tests: ${numPassedTests} passed, ${numFailedTests} failed${skipped}`);
process.exitCode = success && numPassedTests > 0 && numFailedTests === 0 ? 0 : 1;
