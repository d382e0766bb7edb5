import postgres from "postgres";
import { expect, test } from "vitest";
import { killBackend, untilActive } from "../support/backends.ts";
import { startCli } from "../support/cli.ts";
import { faultPoints, patience, someOf, type FaultPoint } from "../support/fault-points.ts";
import { createProject, migration } from "../support/project.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";
import {
  expectOutcome,
  files,
  messagesOf,
  onTarget,
  outcomeOf,
  runWithFault,
  succeed,
  type Outcome,
  type Target,
} from "./scenario.ts";

/** Runs one or more statements in a session of its own, for none lives through a crash. */
async function withSession<Result>(
  url: string,
  use: (sql: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await use(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function read({ url }: Target): Promise<Outcome> {
  return withSession(url, outcomeOf);
}

test(
  "migrate again completes a run during which the whole server was shut down at once",
  async () => {
    const server = await startThrowawayServer();
    const project = await createProject(files);
    const createTarget = async (name: string): Promise<Target> => {
      await withSession(server.url, async (sql) => sql.unsafe(`create database ${name}`));
      return { url: new URL(`/${name}`, server.url).href, project };
    };
    const undisturbed = await createTarget("undisturbed");
    const points = faultPoints(await messagesOf(["migrate"], undisturbed));
    const expected = await read(undisturbed);

    const crashAt = async ({ direction, number, type }: FaultPoint): Promise<void> => {
      const target = await createTarget(`${direction.toLowerCase()}_${number}`);
      const act = async (): Promise<void> => server.shutDownImmediately();
      const disturbed = await runWithFault(["migrate"], target, { direction, number, act });
      await server.start();
      const place = `${direction} ${number} (${type})`;
      if (disturbed.exitCode === 0) expectOutcome(await read(target), expected);
      await succeed(["migrate"], target);
      expect({ place, ...(await read(target)) }).toEqual({ place, ...expected });
    };
    const chosen = someOf(points, 6);
    process.stdout.write(`migrate, server shut down: ${chosen.length} points\n`);
    // One after the other: each ends the sessions of all.
    for (const point of chosen) await crashAt(point);
  },
  patience,
);

test("migrate again completes a run whose server process was killed", async () => {
  const server = await startThrowawayServer();
  const project = await createProject({
    "migrations/001_slow.sql": migration(
      "create table slow (id int); do 'begin perform pg_sleep(60); end'",
    ),
  });
  const target = { url: server.url, project };
  const { result } = startCli(onTarget(["migrate"], target));
  const pid = await withSession(server.url, async (sql) =>
    untilActive(sql, "postgres", "doramaflix-db: 001_slow"),
  );
  await killBackend(server.url, pid);
  const { exitCode, stdout } = await result;
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "CONNECTION_LOST" } });
  await withSession(server.url, async (sql) => {
    expect(await sql`select to_regclass('slow') as slow`).toEqual([{ slow: null }]);
  });
});
