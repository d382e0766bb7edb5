import type postgres from "postgres";
import { describe, expect, inject, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import {
  afterLogin,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { createProject } from "../support/project.ts";
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

const command = ["partitions", "doctor", "--fix", "--yes"];

/** Rows of the past and of the months to come in a default partition and in a tail, and another thing to be repaired. */
const content = `
  create table users (id int primary key);
  insert into users select generate_series(1, 50);
  create table visit (
      id bigint, user_id int references users, at timestamptz, what text, primary key (id, at)
  ) partition by range (at);
  create table visit_default partition of visit default;
  create table view (id bigint, at date) partition by range (at);
  insert into partition_policies (parent, granularity, ahead, catch_all)
  values ('visit', 'monthly', 1, 'default'), ('view', 'yearly', 1, 'tail');
  select create_partition('view', 'yearly', current_date - 365);
  select create_catch_all('view');
  insert into visit select n, n % 50 + 1, now() - n * interval '12 hours', 'visit ' || n from generate_series(1, 120) n;
  insert into view select n, current_date + n from generate_series(1, 200) n;
  insert into view values (0, 'infinity');
  alter table only visit alter column what set statistics 300;`;

const checksum = `
  select count(*)::int as rows, sum(hashtextextended(v::text, 0)) as checksum from visit v
  union all select count(*)::int, sum(hashtextextended(v::text, 0)) from view v`;

const counts =
  "select (select count(*) from visit)::int as visits, (select count(*) from view)::int as views";

async function outcomeOf(sql: postgres.Sql): Promise<Outcome> {
  const strays = await sql.unsafe(
    "select partition::text, lower_bound, rows from count_strays('view', 'yearly')",
  );
  expect(await sql.unsafe("select from only visit_default")).toHaveLength(0);
  return {
    catalog: await catalogFingerprint(sql),
    rows: [...(await sql.unsafe(checksum)), ...strays],
  };
}

interface Stage extends Site {
  readonly project: string;
  readonly points: readonly FaultPoint[];
  readonly before: readonly unknown[];
  readonly expected: Outcome;
}

async function setStage(url: string): Promise<Stage> {
  const template = await createOn(url);
  const project = await createProject({ "migrations/.keep": "" });
  const address = addressOf(url, template);
  await succeed(["migrate"], { url: address, project });
  const before = await withSession(address, async (sql) => {
    await sql.unsafe(content);
    return [...(await sql.unsafe(checksum))];
  });
  return withCopy({ url, template }, async (copy) => {
    const points = faultPoints(await messagesOf(command, { url: copy, project }));
    const expected = await withSession(copy, outcomeOf);
    expect(expected.rows).toEqual(expect.arrayContaining([...before]));
    return { url, template, project, points, before, expected };
  });
}

/** Counts all rows over and over until `isOver`, and returns each answer that differs from the first. */
async function watch(url: string, isOver: () => boolean): Promise<unknown[]> {
  return withSession(url, async (sql) => {
    const [first] = await sql.unsafe(counts);
    const others: unknown[] = [];
    while (!isOver()) {
      const [row] = await sql.unsafe(counts);
      if (JSON.stringify(row) !== JSON.stringify(first)) others.push(row);
    }
    return others;
  });
}

function lane(stage: Stage, act: Fault, isWatched = true): (point: FaultPoint) => Promise<void> {
  const { project, before, expected } = stage;
  return async ({ direction, number }) =>
    withCopy(stage, async (url) => {
      const target = { url, project };
      let isOver = false;
      const watching = isWatched ? watch(url, () => isOver) : Promise.resolve([]);
      const work = async (): Promise<void> => {
        await runWithFault(command, target, { direction, number, act });
        expect([...(await withSession(url, async (sql) => sql.unsafe(checksum)))]).toEqual(before);
        await succeed(command, target);
      };
      await work().finally(() => (isOver = true));
      expect(await watching).toEqual([]);
      expectOutcome(await withSession(url, outcomeOf), expected);
    });
}

describe("moving rows is completed by the next run, and no row is lost or doubled", () => {
  test("when it is disturbed", { timeout: 3 * patience }, async () => {
    const url = inject("serverUrl");
    const stage = await setStage(url);
    const lanes = (act: Fault): ReturnType<typeof lane>[] => [lane(stage, act), lane(stage, act)];
    const { points } = stage;
    expect(await failuresAt("move, connection cut", someOf(points, 8), lanes(cut))).toBe("");
    expect(await failuresAt("move, client killed", someOf(points, 8), lanes(killClient))).toBe("");
    const ended = someOf(afterLogin(points), 6);
    expect(await failuresAt("move, session ended", ended, lanes(terminateSession(url)))).toBe("");
  });

  test("when the process of its session is killed", { timeout: patience }, async () => {
    const server = await startThrowawayServer();
    const stage = await setStage(server.url);
    const tried = someOf(afterLogin(stage.points), 6);
    // The server ends every session with it, also one that watches.
    const lanes = [lane(stage, killSession(server.url), false)];
    expect(await failuresAt("move, session killed", tried, lanes)).toBe("");
  });
});
