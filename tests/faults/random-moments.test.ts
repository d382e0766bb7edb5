import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { killBackend, terminateBackend } from "../support/backends.ts";
import { killCli, startCli, type CliRun } from "../support/cli.ts";
import { all, failuresAt, patience } from "../support/fault-points.ts";
import { startProtocolProxy, type ProtocolProxy } from "../support/protocol-proxy.ts";
import { randomNumbers } from "../support/random-choice.ts";
import { startThrowawayServer, type ThrowawayServer } from "../support/throwaway-server.ts";
import { expectOutcome, outcomeOf } from "./outcome.ts";
import { expectClearEnd, onTarget, succeed, through, type Target } from "./scenario.ts";
import { withCopy, withSession } from "./site.ts";
import { setStage, type Stage } from "./stage.ts";
import { withTraffic } from "./traffic.ts";

/** What is there at a moment. */
interface Scene {
  readonly server: ThrowawayServer;
  readonly proxy: ProtocolProxy;
  readonly run: CliRun;
  /** The process that serves the run. */
  readonly pid: number;
}

const faults: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  "client killed": async ({ run }) => killCli(run),
  "connection cut": async ({ proxy }) => proxy.close(),
  "session terminated": async ({ server: { url }, pid }) =>
    withSession(url, async (sql) => terminateBackend(sql, pid)),
  "server process killed": async ({ server: { url }, pid }) => killBackend(url, pid),
  "server shut down": async ({ server }) => {
    await server.shutDownImmediately();
    await server.start();
  },
};

const kinds = Object.keys(faults);

/** A share of the time that a run takes, and what happens then. */
interface Moment {
  readonly share: number;
  readonly kind: string;
}

const moments: readonly Moment[] = randomNumbers(all ? 200 : 10, 1000).map((number, place) => ({
  share: number / 1000,
  kind: kinds[place % kinds.length] ?? "",
}));

/** Returns the session of the run once it is at work, and what it does. */
async function session(url: string): Promise<{ readonly pid: number; readonly doing: string }[]> {
  return withSession(
    url,
    async (sql) => sql<{ pid: number; doing: string }[]>`
      select a.pid, concat_ws(', ', substr(a.application_name, 16), a.wait_event, p.phase) as doing
      from pg_stat_activity a
      left join pg_stat_progress_create_index p on p.pid = a.pid
      where a.datname = current_database() and a.application_name like 'doramaflix-db: %'`,
  );
}

/** Waits until a run is at its first migration. */
async function untilAtWork(url: string): Promise<void> {
  await vi.waitUntil(async () => (await session(url)).length > 0, { timeout: 30_000, interval: 5 });
}

/** How long the statements of the run take, in milliseconds, while they pause and others are at work. */
async function durationOf({ project, ...site }: Stage): Promise<number> {
  return withCopy(site, async (url, name) => {
    await withSession(site.url, async (sql) => sql.unsafe(slowDown(name)));
    return withTraffic(url, async () => {
      const ended = succeed(["migrate"], { url, project });
      await untilAtWork(url);
      const began = performance.now();
      await ended;
      return performance.now() - began;
    });
  });
}

function slowDown(database: string): string {
  return `alter database ${database} set test.pause = '0.01'`;
}

/** What the run did when it was struck; undefined when it had ended. */
async function strikeAt(
  { share, kind }: Moment,
  { url, project, server, duration }: Target & { server: ThrowawayServer; duration: number },
): Promise<string | undefined> {
  const proxy = await startProtocolProxy(server.port);
  const run = startCli(onTarget(["migrate"], { url: through(proxy.port, url), project }));
  await untilAtWork(url);
  await sleep(share * duration);
  const [at] = await session(url);
  if (at !== undefined) await faults[kind]?.({ server, proxy, run, pid: at.pid });
  const result = await run.result;
  await proxy.close();
  if (result.signal === null) expectClearEnd(result);
  return at?.doing;
}

/** What was struck, and how often. */
const struck = new Map<string, number>();

async function lane(): Promise<(moment: Moment) => Promise<void>> {
  const server = await startThrowawayServer();
  const stage = await setStage(server.url, ["migrate"], "engine");
  const { project, expected } = stage;
  const duration = await durationOf(stage);
  return async (moment) =>
    withCopy(stage, async (url, name) => {
      const target = { url, project };
      await withSession(server.url, async (sql) => sql.unsafe(slowDown(name)));
      const doing = await withTraffic(url, async () =>
        strikeAt(moment, { ...target, server, duration }),
      );
      await withSession(server.url, async (sql) => sql.unsafe(`alter database ${name} reset all`));
      const key = doing ?? "nothing, for it had ended";
      struck.set(key, (struck.get(key) ?? 0) + 1);
      await succeed(["migrate"], target);
      expectOutcome(await withSession(url, outcomeOf), expected);
    });
}

test(
  "migrate again completes a run that was struck at any moment inside its statements",
  async () => {
    const lanes = await Promise.all(Array.from({ length: all ? 4 : 2 }, lane));
    expect(await failuresAt("migrate, random moments", moments, lanes)).toBe("");
    const counts = [...struck].map(([doing, count]) => `${count} at ${doing}`);
    process.stdout.write(`What was struck: ${counts.toSorted().join("; ")}\n`);
  },
  patience,
);
