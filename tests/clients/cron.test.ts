// What "schedule export" writes is given to those who are to run it. The shortest time of both is a minute, so they wait
// for the same one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { runCli } from "../support/cli.ts";
import { createDatabaseWithEngine, openSession, type TestDatabase } from "../support/database.ts";
import { startDebianServer } from "../support/debian-server.ts";
import { createProject } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";

const everyMinute = "* * * * *";

/** A minute, and ten seconds for the job itself. */
const patience = { timeout: 70_000, interval: 250 };

const user = "nobody";

/** Installs a crontab, writes what cron has of it into a file, and becomes the daemon; the machine's own crontabs are hidden. */
const daemon = `
  set -e
  mount -t tmpfs tmpfs /var/spool/cron
  mkdir /var/spool/cron/crontabs
  chgrp crontab /var/spool/cron/crontabs
  chmod 1730 /var/spool/cron/crontabs
  mount -t tmpfs tmpfs /etc/cron.d
  mount --bind /dev/null /etc/crontab
  mount -t tmpfs tmpfs /run
  crontab -u ${user} "$1"
  crontab -u ${user} -l > "$2"
  exec cron -f`;

async function startCron(crontab: string, installed: string): Promise<() => Promise<void>> {
  const child = spawn("unshare", ["--mount", "sh", "-c", daemon, "sh", crontab, installed], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  await vi.waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(`cron did not start: ${said}`);
      return (await readFile(installed, "utf8").catch(() => "")) !== "";
    },
    { timeout: 30_000 },
  );
  return async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
}

let folder: string;
let crontab: string;
let installed: string;
let database: TestDatabase;
let stopCron: (() => Promise<void>) | undefined;

const withoutCron = isMissing("cron");

/** cron begins here, so that its minute passes while pg_cron is waited for. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doramaflix-db-cron-"));
  await chmod(folder, 0o755);
  crontab = join(folder, "crontab");
  installed = join(folder, "installed");
  database = await createDatabaseWithEngine();
  if (withoutCron) return;
  const project = await writeProject();
  const program = await writeProgram();
  const command = ["schedule", "export", "crontab", "--program", program, "--output", folder];
  await runCli([...command, "--project", project]);
  stopCron = await startCron(crontab, installed);
});

afterAll(async () => {
  await stopCron?.();
  await rm(folder, { recursive: true, force: true });
});

/** Each character of its name means something to a shell, and "%" to cron. */
async function writeProject(): Promise<string> {
  const project = join(folder, "it's 100 % $HOME");
  await mkdir(project);
  const others = { retire: false, views: false, snapshot: false, analyze: false, health: false };
  const jobs = { ...others, partitions: everyMinute };
  const config = JSON.stringify({ url: database.url, schedule: { jobs } });
  await writeFile(join(project, "doramaflix-db.json"), config);
  return project;
}

/** The program, which finds Node.js by the crontab's PATH, and also writes who runs it. */
async function writeProgram(): Promise<string> {
  const who = join(folder, "who");
  await writeFile(who, "");
  await chmod(who, 0o666);
  const program = join(folder, "doramaflix-db");
  const start = `exec '${packageRoot}bin/doramaflix-db.js' "$@"`;
  await writeFile(program, `#!/bin/sh\nid -un > '${who}'\n${start}\n`, { mode: 0o755 });
  return program;
}

test.skipIf(isMissing("debian-server"))("pg_cron accepts its jobs and runs each", async () => {
  const url = await startDebianServer({ preload: "pg_stat_statements,pg_cron" });
  const migrated = await runCli(["migrate", "--url", url, "--project", packageRoot]);
  expect(migrated).toMatchObject({ exitCode: 0 });
  const names = ["partitions", "views", "snapshot", "analyze"];
  const jobs = Object.fromEntries(names.map((name) => [name, everyMinute]));
  const project = await createProject({
    "doramaflix-db.json": JSON.stringify({ schedule: { jobs } }),
  });
  const exported = await runCli(["schedule", "export", "pg_cron", "--project", project]);
  expect(exported).toMatchObject({ exitCode: 0 });

  const sql = openSession(url);
  await sql`create extension pg_cron`;
  await sql.unsafe(exported.stdout);
  const ended = await vi.waitUntil(async () => {
    const runs = await sql`
      select distinct on (j.jobname) j.jobname, d.status, d.return_message
      from cron.job j
      join cron.job_run_details d using (jobid)
      where d.status in ('succeeded', 'failed')
      order by j.jobname, d.runid`;
    return runs.length === names.length ? runs : undefined;
  }, patience);
  expect(ended).toMatchObject(
    names.toSorted().map((name) => ({ jobname: `doramaflix-db ${name}`, status: "succeeded" })),
  );
  expect(await sql`select from statement_snapshots`).not.toEqual([]);
  await sql.end();
});

test.skipIf(withoutCron)("cron accepts the crontab, and runs its line as the user", async () => {
  expect(await readFile(installed, "utf8")).toBe(await readFile(crontab, "utf8"));
  const ended = await vi.waitUntil(async () => {
    const rows = await database.sql`select job, result from job_runs where ended_at is not null`;
    return rows[0];
  }, patience);
  expect(ended).toEqual({ job: "partitions", result: "done" });
  expect(await readFile(join(folder, "who"), "utf8")).toBe(`${user}\n`);
});
