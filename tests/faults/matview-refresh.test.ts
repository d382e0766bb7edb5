import { spawn } from "node:child_process";
import { once } from "node:events";
import type postgres from "postgres";
import { describe, expect, inject, test } from "vitest";
import { withSession as withEngineSession } from "../../src/db/session.ts";
import { installEngine } from "../../src/migrations/ledger/engine.ts";
import { killBackend, terminateBackend, untilBlocked } from "../support/backends.ts";
import { catalogFingerprint, fingerprintDifference } from "../support/catalog-fingerprint.ts";
import { all, failuresAt, patience } from "../support/fault-points.ts";
import { holdLock } from "../support/lock-holder.ts";
import { startProtocolProxy } from "../support/protocol-proxy.ts";
import { randomSample } from "../support/random-choice.ts";
import { connectionOf } from "../support/server.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";
import { through } from "./scenario.ts";
import { addressOf, createOn, withCopy, withSession, type Site } from "./site.ts";

const modes = ["plain", "concurrently", "swap"] as const;

/** What the one who refreshes waits for when it happens. */
const moments = {
  "in the query": "select pg_advisory_xact_lock(77)",
  "before the view is locked": "alter view reader set (security_barrier)",
  "before the record is written": "lock table matview_refreshes in exclusive mode",
} as const;

const ways = ["client killed", "connection cut", "session terminated"] as const;
type Way = (typeof ways)[number] | "server process killed";

interface Point {
  readonly mode: (typeof modes)[number];
  readonly moment: keyof typeof moments;
  readonly way: Way;
}

function pointsOf(by: readonly Way[]): Point[] {
  const moment = Object.keys(moments) as (keyof typeof moments)[];
  return by.flatMap((way) =>
    modes.flatMap((mode) => moment.map((each) => ({ mode, moment: each, way }))),
  );
}

/** The function waits where the test wants it; the plain view is locked by a swap only. */
const content = `
  create function wait_here() returns int language plpgsql stable as
    'begin perform pg_advisory_xact_lock(77); return 0; end';
  create table base (id int primary key, n int);
  insert into base select i, 0 from generate_series(1, 500) i;
  create materialized view v as select id, n, (select public.wait_here()) as w from base;
  create unique index v_id on v (id);
  comment on materialized view v is 'A view';
  grant select on v to public;
  create view reader as select count(*)::int as rows, min(n) as low, max(n) as high from v;
  select refresh_materialized_view('v', 'plain');
  delete from matview_refreshes;
  update base set n = 1`;

async function setStage(url: string): Promise<Site> {
  const template = await createOn(url);
  const address = addressOf(url, template);
  await withEngineSession(connectionOf(address), {}, installEngine);
  await withSession(address, async (sql) => sql.unsafe(content));
  return { url, template };
}

/** A program that refreshes the view and does nothing else. */
function startProgram(url: string, mode: string): ReturnType<typeof spawn> {
  const text = `
    import postgres from "postgres";
    const sql = postgres(${JSON.stringify(url)}, { max: 1, fetch_types: false, onnotice: () => {} });
    await sql\`select public.refresh_materialized_view('v', \${${JSON.stringify(mode)}}, '1 minute')\`;
    await sql.end();`;
  return spawn(process.execPath, ["--input-type=module", "-e", text], {
    stdio: "ignore",
    cwd: import.meta.dirname,
  });
}

/** What must hold whether the refresh was done or not. */
async function expectWhole(sql: postgres.Sql, fingerprint: readonly string[]): Promise<void> {
  const [contents] = await sql`select * from reader`;
  const history = await sql`select mode, error from matview_refreshes`;
  const isDone = history.length === 1;
  expect(contents).toEqual({ rows: 500, low: isDone ? 1 : 0, high: isDone ? 1 : 0 });
  expect(history.filter(({ error }) => error !== null)).toEqual([]);
  expect(fingerprintDifference(fingerprint, await catalogFingerprint(sql))).toBe("");
}

async function strike(way: Way, target: Target): Promise<void> {
  if (way === "client killed") target.program.kill("SIGKILL");
  else if (way === "connection cut") await target.cut();
  else if (way === "session terminated") {
    await withSession(target.url, async (sql) => terminateBackend(sql, target.pid));
  } else await killBackend(target.url, target.pid);
}

interface Target {
  readonly url: string;
  readonly pid: number;
  readonly program: ReturnType<typeof spawn>;
  readonly cut: () => Promise<void>;
}

function lane(site: Site): (point: Point) => Promise<void> {
  return async ({ mode, moment, way }) =>
    withCopy(site, async (url) => {
      const fingerprint = await withSession(url, catalogFingerprint);
      const isBlocked = moment !== "before the view is locked" || mode === "swap";
      const holder = await holdLock(url, isBlocked ? moments[moment] : moments["in the query"]);
      const proxy = await startProtocolProxy(Number(new URL(url).port));
      const program = startProgram(through(proxy.port, url), mode);
      const ended = once(program, "exit");
      const pid = await withSession(url, async (sql) => untilBlocked(sql, holder.pid));
      await strike(way, { url, pid, program, cut: async () => proxy.close() });
      await holder.release().catch(() => {});
      await ended;
      await proxy.close();
      await withSession(url, async (sql) => {
        // A session whose client has gone goes on until it tells the result.
        await sql`select pg_advisory_lock(1836479078, 'v'::regclass::oid::int)`;
        await sql`select pg_advisory_unlock_all()`;
        await expectWhole(sql, fingerprint);
        await sql`delete from matview_refreshes`;
        await sql`select refresh_materialized_view('v', ${mode})`;
        await expectWhole(sql, fingerprint);
        expect(await sql`select mode from matview_refreshes`).toEqual([{ mode }]);
      });
    });
}

describe(
  "a refresh that is disturbed leaves the old or the new contents, and nothing behind",
  { timeout: patience },
  () => {
    test("by its client, its connection or an administrator", async () => {
      const site = await setStage(inject("serverUrl"));
      const points = pointsOf(ways);
      const tried = all ? points : randomSample(points, 12);
      expect(await failuresAt("refresh", tried, [lane(site), lane(site)])).toBe("");
    });

    test("by the end of its server process", async () => {
      const server = await startThrowawayServer();
      const site = await setStage(server.url);
      const points = pointsOf(["server process killed"]);
      const tried = all ? points : randomSample(points, 5);
      expect(await failuresAt("refresh, server process killed", tried, [lane(site)])).toBe("");
    });
  },
);
