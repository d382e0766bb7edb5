// Runs all checks and then all tests that need no container engine, also when a check failed, so that one run tells
// everything.
import "./require-node.js";
import { run } from "./lib/run.js";

const checks = await run("npm", ["run", "--silent", "check"], { show: true });
const tests = await run(
  "npx",
  ["--no-install", "vitest", "run", "--project=!containers", ...process.argv.slice(2)],
  { show: true },
);
process.exitCode = checks.exitCode || tests.exitCode;
