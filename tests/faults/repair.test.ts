import { beforeAll, describe, expect, inject, test } from "vitest";
import { createDatabaseWithEngine, openSession, type TestDatabase } from "../support/database.ts";
import {
  afterLogin,
  answersAnd,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { createProject } from "../support/project.ts";
import {
  cut,
  expectOutcome,
  files,
  killClient,
  messagesOf,
  outcomeOf,
  runWithFault,
  succeed,
  terminateSession,
  type Fault,
  type Outcome,
} from "./scenario.ts";

const { "migrations/004_title.sql": title, ...others } = files;

/** The same project with a changed and a renamed file. */
const disagreeing = {
  ...others,
  "migrations/001_author.sql": `-- Reviewed.\n${files["migrations/001_author.sql"]}`,
  "migrations/004_book_title.sql": title,
};

const commands = [
  { command: ["repair", "--yes"], event: "repaired", migrated: true },
  { command: ["baseline", "004_book_title", "--yes"], event: "baselined", migrated: false },
];

describe.each(commands)("$event again completes a run", ({ command, event, migrated }) => {
  const name = command[0] ?? "";
  let applied: string;
  let project: string;
  let expected: Outcome;
  let points: readonly FaultPoint[];

  async function prepare(): Promise<TestDatabase> {
    const database = await createDatabaseWithEngine();
    if (migrated) await succeed(["migrate"], { url: database.url, project: applied });
    else await database.sql`create table author (name text)`;
    return database;
  }

  beforeAll(async () => {
    applied = await createProject(files);
    project = await createProject(disagreeing);
    const { url, sql } = await prepare();
    points = faultPoints(await messagesOf(command, { url, project }));
    expected = await outcomeOf(sql);
    expect(expected.rows).toContainEqual(expect.objectContaining({ what: event }));
  });

  function disturb(act: Fault) {
    return async ({ direction, number }: FaultPoint): Promise<void> => {
      const { url, sql } = await prepare();
      const target = { url, project };
      const disturbed = await runWithFault(command, target, { direction, number, act });
      if (disturbed.exitCode === 0) expectOutcome(await outcomeOf(sql), expected);
      await succeed(command, target);
      expectOutcome(await outcomeOf(sql), expected);
      await sql.end();
    };
  }

  test("whose connection was cut", { timeout: patience }, async () => {
    const tried = answersAnd(points, 4);
    expect(await failuresAt(`${name}, connection cut`, tried, disturb(cut))).toBe("");
  });

  test("that was killed", { timeout: patience }, async () => {
    const tried = someOf(points, 4);
    expect(await failuresAt(`${name}, client killed`, tried, disturb(killClient))).toBe("");
  });

  test("whose session was terminated", { timeout: patience }, async () => {
    const fault = terminateSession(openSession(inject("serverUrl")));
    const tried = someOf(afterLogin(points), 4);
    expect(await failuresAt(`${name}, session ended`, tried, disturb(fault))).toBe("");
  });
});
