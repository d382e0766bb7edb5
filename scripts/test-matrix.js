// Runs the tests that need a database on each supported server version, or on those given: npm run test:matrix -- 15 16
// Prints one line for each; fails where a version failed or did not run. The reports of vitest go to the folder that
// TEST_REPORTS names, if it names one.
import "./require-node.js";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./lib/run.js";

const supported = ["15", "16", "17", "18"];
const versions = process.argv.length > 2 ? process.argv.slice(2) : supported;
const reports = process.env.TEST_REPORTS ?? mkdtempSync(join(tmpdir(), "doramaflix-db-matrix-"));

for (const version of versions) {
  const report = join(reports, `PostgreSQL ${version}.json`);
  const begin = performance.now();
  const { exitCode, output } = await run(
    "npx",
    ["--no-install", "vitest", "run", "--project", "database", "--project", "cli"].concat([
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ]),
    { env: { ...process.env, TEST_POSTGRES: version } },
  );
  const seconds = Math.round((performance.now() - begin) / 1000);
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  const ran = counts !== undefined && counts.numPassedTests > 0;
  const summary = ran
    ? `${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests} skipped`
    : "did not run";
  console.log(`PostgreSQL ${version}: ${summary}, ${seconds} s`);
  if (exitCode !== 0 || !ran) {
    console.log(output);
    process.exitCode = 1;
  }
}
