import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { serverStatus, stopServer } from "../../src/server/server.ts";
import { filesBelow } from "../architecture/files.ts";
import { createProject } from "../support/project.ts";

// Whoever connects to it fails: nothing listens there.
const poisoned = {
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/precious",
  PGHOST: "127.0.0.1",
  PGPORT: "1",
};

test("the quickstart builds, starts the embedded server, migrates and fills the database, and a second one changes nothing", async () => {
  const clone = await createClone();
  onTestFinished(async () => {
    const { dataDirectory } = await serverStatus(clone);
    await stopServer(clone);
    rmSync(dirname(realpathSync(dataDirectory)), { recursive: true, force: true });
  });

  const first = quickstart(clone);
  expect(first, first.output).toMatchObject({ status: 0 });
  for (const text of [
    "Building the program",
    "server has started",
    "Applied",
    'Filled database "doramaflix" with',
    "Nothing is pending",
    "DATABASE_URL",
  ]) {
    expect(first.output).toContain(text);
  }
  const { url, keptRunning } = await serverStatus(clone);
  expect(keptRunning).toBe(true);
  expect(first.output).toContain(`The database is at ${url}\n`);

  const second = quickstart(clone);
  expect(second, second.output).toMatchObject({ status: 0 });
  expect(second.output).toContain("Everything is in place already.");
  expect(second.output).not.toMatch(/Applied \d/);
  expect(second.output).toContain('Nothing was done: database "doramaflix" has rows already');
  expect((await serverStatus(clone)).url).toBe(url);
});

/** Copies what git would, and borrows the installed packages. */
async function createClone(): Promise<string> {
  const clone = await createProject({});
  for (const path of filesBelow(".")) {
    mkdirSync(join(clone, dirname(path)), { recursive: true });
    cpSync(join(packageRoot, path), join(clone, path), { preserveTimestamps: true });
  }
  symlinkSync(join(packageRoot, "node_modules"), join(clone, "node_modules"));
  return clone;
}

function quickstart(clone: string): { status: number | null; output: string } {
  const { PATH = "", HOME = "" } = process.env;
  const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "quickstart"], {
    cwd: clone,
    env: { PATH, HOME, ...poisoned },
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}
