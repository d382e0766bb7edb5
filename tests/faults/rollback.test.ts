import { beforeAll, describe, expect, inject, test } from "vitest";
import { afterLogin, failuresAt, patience, someOf } from "../support/fault-points.ts";
import { cut, killClient, terminateSession } from "./scenario.ts";
import { lanesOn, lanesWithCrash, setStage, type Stage } from "./stage.ts";

const server = inject("serverUrl");

// Names the version that is to remain, so that a second run takes back only what the first one left.
const command = ["rollback", "--to", "001_journey"];

let stage: Stage;

beforeAll(async () => {
  stage = await setStage(server, command, "migrated");
  expect(stage.expected.rows).toContainEqual(expect.objectContaining({ what: "rolled back" }));
}, patience);

describe("rollback again completes a run", { timeout: patience }, () => {
  test("whose connection was cut", async () => {
    const points = someOf(stage.points, 16);
    const lanes = lanesOn(stage, { act: cut });
    expect(await failuresAt("rollback, connection cut", points, lanes)).toBe("");
  });

  test("that was killed", async () => {
    const points = someOf(stage.points, 8);
    const lanes = lanesOn(stage, { act: killClient });
    expect(await failuresAt("rollback, client killed", points, lanes)).toBe("");
  });

  test("whose session was terminated", async () => {
    const points = someOf(afterLogin(stage.points), 8);
    const lanes = lanesOn(stage, { act: terminateSession(server) });
    expect(await failuresAt("rollback, session terminated", points, lanes)).toBe("");
  });

  test("whose server process was killed", async () => {
    const { stage: own, lanes } = await lanesWithCrash("session killed", command, "migrated");
    const points = someOf(afterLogin(own.points), 4);
    expect(await failuresAt("rollback, server process killed", points, lanes)).toBe("");
  });

  test("during which the whole server was shut down at once", async () => {
    const { stage: own, lanes } = await lanesWithCrash("server shut down", command, "migrated");
    const points = someOf(own.points, 4);
    expect(await failuresAt("rollback, server shut down", points, lanes)).toBe("");
  });
});
