import { beforeAll, describe, expect, inject, test } from "vitest";
import {
  createDatabase,
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../support/database.ts";
import {
  afterLogin,
  answersAnd,
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

let project: string;
/** Of an undisturbed run. */
let expected: Outcome;
let points: readonly FaultPoint[];
/** Of one that finds no engine and installs it. */
let firstPoints: readonly FaultPoint[];

beforeAll(async () => {
  project = await createProject(files);
  const [database, empty] = await Promise.all([createDatabaseWithEngine(), createDatabase()]);
  points = faultPoints(await messagesOf(["migrate"], { url: database.url, project }));
  firstPoints = faultPoints(await messagesOf(["migrate"], { url: empty.url, project }));
  expected = await outcomeOf(database.sql);
  expectOutcome(await outcomeOf(empty.sql), expected);
});

interface Attempt {
  readonly fault: Fault;
  readonly inside?: boolean;
  readonly create?: () => Promise<TestDatabase>;
}

/** A run that is disturbed, and then one that is not. */
function disturb({ fault, inside = false, create = createDatabaseWithEngine }: Attempt) {
  return async ({ direction, number }: FaultPoint): Promise<void> => {
    const { url, sql } = await create();
    const target = { url, project };
    const point = { direction, number, inside, act: fault };
    const disturbed = await runWithFault(["migrate"], target, point);
    if (disturbed.exitCode === 0) expectOutcome(await outcomeOf(sql), expected);
    await succeed(["migrate"], target);
    expectOutcome(await outcomeOf(sql), expected);
    // The server has no room for a session of every point.
    await sql.end();
  };
}

test("every run sends and receives the same messages", async () => {
  const { url } = await createDatabaseWithEngine();
  expect(faultPoints(await messagesOf(["migrate"], { url, project }))).toEqual(points);
});

describe("migrate again completes a run", { timeout: patience }, () => {
  test("whose connection was cut", async () => {
    const attempt = disturb({ fault: cut });
    expect(await failuresAt("migrate, connection cut", answersAnd(points, 16), attempt)).toBe("");
  });

  test("whose connection was cut while it installed the engine", async () => {
    const attempt = disturb({ fault: cut, create: createDatabase });
    expect(await failuresAt("first migrate, connection cut", someOf(firstPoints, 6), attempt)).toBe(
      "",
    );
  });

  test("whose connection was cut in the middle of a message", async () => {
    const attempt = disturb({ fault: cut, inside: true });
    expect(
      await failuresAt("migrate, connection cut inside a message", someOf(points, 6), attempt),
    ).toBe("");
  });

  test("that was killed", async () => {
    const attempt = disturb({ fault: killClient });
    expect(await failuresAt("migrate, client killed", someOf(points, 8), attempt)).toBe("");
  });

  test("whose session was terminated", async () => {
    const observer = openSession(inject("serverUrl"));
    const attempt = disturb({ fault: terminateSession(observer) });
    expect(
      await failuresAt("migrate, session terminated", someOf(afterLogin(points), 8), attempt),
    ).toBe("");
  });
});
