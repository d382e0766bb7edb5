import { readdir, readFile } from "node:fs/promises";
import { once } from "node:events";
import { gunzipSync } from "node:zlib";
import type postgres from "postgres";
import { beforeAll, describe, expect, inject, test } from "vitest";
import {
  afterLogin,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { createOldPartitions, digestOf } from "../support/partitioned-table.ts";
import { createProject } from "../support/project.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";
import {
  cut,
  killClient,
  killSession,
  messagesOf,
  runWithFault,
  succeed,
  terminateSession,
  type Fault,
} from "./scenario.ts";
import { addressOf, createOn, withCopy, withSession, type Site } from "./site.ts";

const server = inject("serverUrl");

/** What a run is to do: detach two partitions, or export and drop two that are detached already. */
type Work = "detach" | "export and drop";

interface Stage extends Site {
  readonly work: Work;
  readonly project: string;
  readonly points: readonly FaultPoint[];
  /** Of all rows, wherever they are. */
  readonly rows: unknown;
}

const stages = new Map<Work, Stage>();

beforeAll(async () => {
  stages.set("detach", await setStage(server, "detach"));
  stages.set("export and drop", await setStage(server, "export and drop"));
}, patience);

function command(work: Work, folder: string): string[] {
  const more = work === "detach" ? [] : ["--drop", "--yes", "--export", folder];
  return ["partitions", "retire", ...more];
}

async function setStage(url: string, work: Work): Promise<Stage> {
  const project = await createProject({ "migrations/.keep": "" });
  const template = await createOn(url);
  const target = { url: addressOf(url, template), project };
  await succeed(["migrate"], target);
  await withSession(target.url, async (sql) =>
    createOldPartitions(sql, {
      parent: "log",
      months: 5,
      policy: { retain_mode: "'drop'", grace: "'0'" },
    }),
  );
  const rows = await withSession(target.url, async (sql) => digestOf(sql, ["log"]));
  if (work === "export and drop") await succeed(["partitions", "retire"], target);
  return withCopy({ url, template }, async (copy) => {
    const folder = await createProject({});
    const points = faultPoints(await messagesOf(command(work, folder), { url: copy, project }));
    await withSession(copy, async (sql) => expectDone(sql, { work, folder, rows }));
    return { url, template, work, project, points, rows };
  });
}

interface Expected extends Pick<Stage, "work" | "rows"> {
  readonly folder: string;
}

/** Fails unless all is done that was to be, and every row is there once: attached, detached, or in a file. */
async function expectDone(sql: postgres.Sql, { work, folder, rows }: Expected): Promise<void> {
  expect(await sql`select from pg_inherits where inhdetachpending`).toEqual([]);
  const ledger = await sql<{ name: string; file: string | null; done: boolean }[]>`
    select name, exported_to as file, case ${work} when 'detach' then detached_at else dropped_at end is not null as done
    from retired_partitions`;
  expect(ledger.map(({ done }) => done)).toEqual([true, true]);
  const tables = ["log"];
  if (work === "detach") tables.push(...ledger.map(({ name }) => name));
  else tables.push(await loadFiles(sql, ledger));
  expect(await digestOf(sql, tables)).toEqual(rows);
  // Nothing is left beside the files themselves.
  expect(await readdir(folder)).toHaveLength(work === "detach" ? 0 : 2);
}

/** Loads the exported rows into a table of the session, and returns its name. */
async function loadFiles(
  sql: postgres.Sql,
  ledger: readonly { readonly file: string | null }[],
): Promise<string> {
  await sql`create temp table loaded (like log including generated)`;
  for (const { file } of ledger) {
    const csv = gunzipSync(await readFile(file ?? ""));
    const [header = ""] = csv.toString().split("\n");
    const writable = await sql
      .unsafe(`copy loaded (${header}) from stdin (format csv, header match)`)
      .writable();
    writable.end(csv);
    await once(writable, "finish");
  }
  return "loaded";
}

type Attempt = (point: FaultPoint) => Promise<void>;

/** Returns what tries a point: in a copy, a run that is disturbed, and then one that is not. */
function attempt(stage: Stage, act: Fault): Attempt {
  const { work, project, rows } = stage;
  return async ({ direction, number }) =>
    withCopy(stage, async (url) => {
      const folder = await createProject({});
      const target = { url, project };
      await runWithFault(command(work, folder), target, { direction, number, act });
      await succeed(command(work, folder), target);
      await withSession(url, async (sql) => expectDone(sql, { work, folder, rows }));
    });
}

function stageOf(work: Work): Stage {
  const stage = stages.get(work);
  if (stage === undefined) throw new Error("There is no stage.");
  return stage;
}

describe.each(["detach", "export and drop"] as const)(
  "the next run completes one that was to %s, and no row is lost,",
  { timeout: patience },
  (work) => {
    test.each([
      {
        title: "whose program was killed",
        act: killClient,
        from: (points: readonly FaultPoint[]) => points,
      },
      {
        title: "whose connection was cut",
        act: cut,
        from: (points: readonly FaultPoint[]) => points,
      },
      { title: "whose session was terminated", act: terminateSession(server), from: afterLogin },
    ])("$title", async ({ title, act, from }) => {
      const stage = stageOf(work);
      const points = someOf(from(stage.points), 6);
      const lanes = [attempt(stage, act), attempt(stage, act)];
      expect(await failuresAt(`retire, ${work}, ${title}`, points, lanes)).toBe("");
    });

    test("whose server process was killed", async () => {
      const own = await startThrowawayServer();
      const stage = await setStage(own.url, work);
      const points = someOf(afterLogin(stage.points), 4);
      const lanes = [attempt(stage, killSession(own.url))];
      expect(await failuresAt(`retire, ${work}, server process killed`, points, lanes)).toBe("");
    });
  },
);
