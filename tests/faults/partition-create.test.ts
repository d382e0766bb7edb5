import { beforeAll, describe, expect, inject, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { createProject } from "../support/project.ts";
import {
  afterLogin,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import {
  cut,
  killClient,
  messagesOf,
  runWithFault,
  succeed,
  terminateSession,
} from "./scenario.ts";
import type { Fault } from "./scenario.ts";
import { addressOf, createOn, withCopy, withSession } from "./site.ts";

const server = inject("serverUrl");
const command = ["partitions", "create"];

/** Rows in the present partition and in the tail, which moves on with each new partition. */
const schema = `
  create table users (id int primary key);
  insert into users select generate_series(1, 100);
  create table viewings (user_id int not null references users, at timestamptz not null) partition by range (at);
  insert into partition_policies (parent, granularity, ahead, catch_all) values ('viewings', 'monthly', 2, 'tail');
  select create_partition('viewings', 'monthly', now()::date), create_catch_all('viewings');
  insert into viewings select id, now() from users;
  insert into viewings select id, 'infinity' from users;
`;

let template: string;
let project: string;
let points: FaultPoint[];
let expected: readonly string[];

/** The catalog, and all rows with the partition that they lie in. */
async function outcomeOf(url: string): Promise<readonly string[]> {
  return withSession(url, async (sql) => {
    const rows = await sql<
      { text: string }[]
    >`select tableoid::regclass || ' ' || user_id as text from viewings order by 1`;
    return [...(await catalogFingerprint(sql)), ...rows.map(({ text }) => text)];
  });
}

beforeAll(async () => {
  project = await createProject({ "migrations/.keep": "" });
  template = await createOn(server);
  const url = addressOf(server, template);
  await succeed(["migrate"], { url, project });
  await withSession(url, async (sql) => sql.unsafe(schema));
  await withCopy({ url: server, template }, async (copy) => {
    points = faultPoints(await messagesOf(command, { url: copy, project }));
    expected = await outcomeOf(copy);
  });
}, patience);

function attemptWith(act: Fault): (point: FaultPoint) => Promise<void> {
  return async ({ direction, number }) =>
    withCopy({ url: server, template }, async (url) => {
      await runWithFault(command, { url, project }, { direction, number, act });
      await succeed(command, { url, project });
      expect(await outcomeOf(url)).toEqual(expected);
    });
}

describe("partitions create again completes a run", { timeout: patience }, () => {
  test.each([
    ["whose connection was cut", cut],
    ["that was killed", killClient],
    ["whose session was terminated", terminateSession(server)],
  ] as const)("%s", async (title, act) => {
    const tried = someOf(act === cut || act === killClient ? points : afterLogin(points), 10);
    const lanes = [attemptWith(act), attemptWith(act)];
    expect(await failuresAt(`partitions create ${title}`, tried, lanes)).toBe("");
  });
});
