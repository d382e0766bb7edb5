import { beforeAll, describe, expect, inject, test } from "vitest";
import { createDatabaseWithEngine, openSession, type TestDatabase } from "../support/database.ts";
import {
  afterLogin,
  faultPoints,
  patience,
  someOf,
  failuresAt,
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

// Names the version that is to remain, so that a second run takes back only what the first one left.
const command = ["rollback", "--to", "001_author"];

let project: string;
let expected: Outcome;
let points: readonly FaultPoint[];

async function createMigrated(): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await succeed(["migrate"], { url: database.url, project });
  return database;
}

beforeAll(async () => {
  project = await createProject(files);
  const { url, sql } = await createMigrated();
  points = faultPoints(await messagesOf(command, { url, project }));
  expected = await outcomeOf(sql);
  expect(expected.rows).toContainEqual(expect.objectContaining({ what: "rolled back" }));
});

function disturb(act: Fault) {
  return async ({ direction, number }: FaultPoint): Promise<void> => {
    const { url, sql } = await createMigrated();
    const target = { url, project };
    const disturbed = await runWithFault(command, target, { direction, number, act });
    if (disturbed.exitCode === 0) expectOutcome(await outcomeOf(sql), expected);
    await succeed(command, target);
    expectOutcome(await outcomeOf(sql), expected);
    await sql.end();
  };
}

describe("rollback again completes a run", { timeout: patience }, () => {
  test("whose connection was cut", async () => {
    expect(await failuresAt("rollback, connection cut", someOf(points, 8), disturb(cut))).toBe("");
  });

  test("that was killed", async () => {
    expect(
      await failuresAt("rollback, client killed", someOf(points, 5), disturb(killClient)),
    ).toBe("");
  });

  test("whose session was terminated", async () => {
    const fault = terminateSession(openSession(inject("serverUrl")));
    expect(
      await failuresAt("rollback, session ended", someOf(afterLogin(points), 5), disturb(fault)),
    ).toBe("");
  });
});
