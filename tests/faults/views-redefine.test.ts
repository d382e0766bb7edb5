import type postgres from "postgres";
import { beforeAll, expect, inject, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import {
  afterLogin,
  all,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { createProject, migration } from "../support/project.ts";
import { randomSample } from "../support/random-choice.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";
import { expectOutcome, type Outcome } from "./outcome.ts";
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

const migrate = ["migrate"];

/** The project before and after a change of the view that the others read. */
function files(version: number): Record<string, string> {
  return {
    "migrations/001_sales.sql": migration(
      "create table sales (id int); insert into sales select generate_series(1, 5000)",
    ),
    "views/totals.sql":
      `create materialized view totals as select id % 100 as part, ${version} as version, sum(id) as total\n` +
      "from sales group by 1;\ncreate unique index totals_part on totals (part);",
    "views/plain.sql": "create or replace view plain as select part, version from totals;",
    "views/above.sql":
      "create materialized view above as select version, count(*) as parts from plain group by version;",
  };
}

/** Reads what a run has left behind; a state in the middle of a run is none that anybody sees. */
async function outcomeOf(sql: postgres.Sql): Promise<Outcome> {
  expect(await sql`select from pg_namespace where nspname like 'doramaflix%'`).toEqual([]);
  const rows = await sql`
    select a.version, a.parts, (select array_agg(distinct version) from plain) as plain,
      (select count(*) from by_hand) as by_hand,
      (select string_agg(path || checksum, ' ' order by path) from schema_definitions) as files,
      (select string_agg(concat_ws(' ', view_name, mode, reason), ', ' order by refresh_id) from matview_refreshes) as refreshes
    from above a`;
  return { catalog: await catalogFingerprint(sql), rows: [...rows] };
}

interface Stage extends Site {
  readonly project: string;
  readonly points: readonly FaultPoint[];
  readonly expected: Outcome;
}

async function setStage(url: string): Promise<Stage> {
  const template = await createOn(url);
  const before = { url: addressOf(url, template), project: await createProject(files(0)) };
  await succeed(migrate, before);
  await withSession(before.url, async (sql) =>
    sql.unsafe("create view by_hand as select version from totals where part = 1"),
  );
  const project = await createProject(files(1));
  return withCopy({ url, template }, async (copy) => {
    const points = faultPoints(await messagesOf(migrate, { url: copy, project }));
    return { url, template, project, points, expected: await withSession(copy, outcomeOf) };
  });
}

/** Reads all views while `use` runs; fails when an answer is anything but the old or the new state of a view. */
async function withReader<Result>(url: string, use: () => Promise<Result>): Promise<Result> {
  const ending = new AbortController();
  const reading = withSession(url, async (sql) => {
    const answers = new Set<string>();
    do {
      for (const view of ["totals", "plain", "above", "by_hand"])
        answers.add(JSON.stringify(await sql.unsafe(`select distinct version from ${view}`)));
    } while (!ending.signal.aborted);
    return answers;
  });
  try {
    return await use();
  } finally {
    ending.abort();
    const answers = await reading;
    expect([`[{"version":0}]`, `[{"version":1}]`]).toEqual(expect.arrayContaining([...answers]));
  }
}

/** Some of all points, and some of the notices that say which view is being built. */
function pointsOf(points: readonly FaultPoint[], count: number): readonly FaultPoint[] {
  const notices = points.filter(({ type }) => type === "N");
  return all ? points : [...someOf(points, count), ...randomSample(notices, 3)];
}

interface Manner {
  readonly act: Fault;
  readonly lanes?: number;
  /** Not where the server goes down. */
  readonly hasReader?: boolean;
}

/** Returns lanes that try a point: in a copy, a run that is disturbed, and then one that is not. */
function lanesOf(
  stage: Stage,
  { act, lanes = 4, hasReader = true }: Manner,
): ((point: FaultPoint) => Promise<void>)[] {
  const { project, expected } = stage;
  const tryAt = async ({ direction, number }: FaultPoint): Promise<void> =>
    withCopy(stage, async (url) => {
      const target = { url, project };
      const run = async (): Promise<void> => {
        const disturbed = await runWithFault(migrate, target, { direction, number, act });
        if (disturbed.exitCode === 0) expectOutcome(await withSession(url, outcomeOf), expected);
        await withSession(url, async (sql) => sql`select version, parts from above`);
        await succeed(migrate, target);
      };
      await (hasReader ? withReader(url, run) : run());
      expectOutcome(await withSession(url, outcomeOf), expected);
    });
  return Array.from({ length: lanes }, () => tryAt);
}

const server = inject("serverUrl");
let stage: Stage;

beforeAll(async () => {
  stage = await setStage(server);
  expect(stage.expected.rows).toMatchObject([{ version: 1, parts: "100", plain: "{1}" }]);
}, patience);

test("a run whose connection was cut", { timeout: patience }, async () => {
  const points = pointsOf(stage.points, 8);
  expect(await failuresAt("redefine, connection cut", points, lanesOf(stage, { act: cut }))).toBe(
    "",
  );
});

test("a run that was killed", { timeout: patience }, async () => {
  const points = pointsOf(stage.points, 5);
  const lanes = lanesOf(stage, { act: killClient });
  expect(await failuresAt("redefine, killed", points, lanes)).toBe("");
});

test("a run whose session was terminated", { timeout: patience }, async () => {
  const points = pointsOf(afterLogin(stage.points), 4);
  const lanes = lanesOf(stage, { act: terminateSession(server) });
  expect(await failuresAt("redefine, session terminated", points, lanes)).toBe("");
});

test("a run whose server process was killed", { timeout: patience }, async () => {
  const { url } = await startThrowawayServer();
  const own = await setStage(url);
  const points = pointsOf(afterLogin(own.points), 2);
  const lanes = lanesOf(own, { act: killSession(url), lanes: 1, hasReader: false });
  expect(await failuresAt("redefine, server process killed", points, lanes)).toBe("");
});
