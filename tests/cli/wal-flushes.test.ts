import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { openSession } from "../support/database.ts";
import { createProject, smallMigrations } from "../support/project.ts";

let project: string;

beforeAll(async () => {
  project = await createProject(smallMigrations(1000));
});

afterAll(async () => {
  const status = await runCli(["server", "status", "--json"], { cwd: project });
  const { dataDirectory } = JSON.parse(status.stdout) as { dataDirectory: string };
  await runCli(["server", "stop"], { cwd: project });
  await rm(dirname(dataDirectory), { recursive: true, force: true });
});

test("a session makes 1,000 migrations durable with fewer than 10 flushes of the write-ahead log", async () => {
  // A server of its own: the counter is the whole server's, and the shared one runs without fsync.
  await runCli(["server", "start"], { cwd: project });
  const { stdout: url } = await runCli(["server", "url"], { cwd: project });
  const sql = openSession(url.trim());
  // The WAL writer and the checkpointer flush when a time has passed, so theirs depend on the machine.
  const flushes = async (): Promise<number> => {
    const [row] = await sql.unsafe(
      "select sum(fsyncs)::int as count from pg_stat_io where object = 'wal' and backend_type = 'client backend'",
    );
    return Number(row?.["count"]);
  };
  const before = await flushes();
  expect(await runCli(["migrate"], { cwd: project })).toMatchObject({ exitCode: 0 });
  // The session's counts arrive when it has ended.
  await expect
    .poll(async () =>
      sql.unsafe("select from pg_stat_activity where application_name like 'doramaflix-db%'"),
    )
    .toEqual([]);
  const flushed = (await flushes()) - before;
  expect(flushed).toBeGreaterThan(0);
  expect(flushed).toBeLessThan(10);
});
