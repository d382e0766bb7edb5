import { beforeAll, describe, expect, inject, test } from "vitest";
import {
  afterLogin,
  all,
  failuresAt,
  faultPoints,
  patience,
  someOf,
  type FaultPoint,
} from "../support/fault-points.ts";
import { randomSample } from "../support/random-choice.ts";
import { expectOutcome } from "./outcome.ts";
import { cut, killClient, messagesOf, terminateSession } from "./scenario.ts";
import { addressOf, createOn } from "./site.ts";
import { lanesOn, lanesWithCrash, setStage, type Stage } from "./stage.ts";

const server = inject("serverUrl");

let stage: Stage;
/** Of a database without the engine, which the run installs. */
let first: Stage;

beforeAll(async () => {
  stage = await setStage(server, ["migrate"], "engine");
  first = await setStage(server, ["migrate"], "nothing");
  expectOutcome(first.expected, stage.expected);
}, patience);

/** Returns the points of a run up to where it goes on as another one does. */
function beforeCommonEnd(
  points: readonly FaultPoint[],
  others: readonly FaultPoint[],
): readonly FaultPoint[] {
  return (["toServer", "toClient"] as const).flatMap((direction) => {
    const [own, other] = [points, others].map((each) =>
      each.filter((point) => point.direction === direction).toReversed(),
    );
    const differs = own?.findIndex(({ type }, index) => type !== other?.[index]?.type) ?? -1;
    return differs === -1 ? [] : (own?.slice(differs).toReversed() ?? []);
  });
}

test("every run sends and receives the same messages", async () => {
  const { project, points, template } = stage;
  const url = addressOf(server, await createOn(server, template));
  expect(faultPoints(await messagesOf(["migrate"], { url, project }))).toEqual(points);
});

describe("migrate again completes a run", { timeout: patience }, () => {
  test("whose connection was cut", async () => {
    const points = someOf(stage.points, 40);
    const lanes = lanesOn(stage, { act: cut });
    expect(await failuresAt("migrate, connection cut", points, lanes)).toBe("");
  });

  test("whose connection was cut in the middle of a message", async () => {
    // Half a message does no more than none, so that a sample is enough.
    const points = randomSample(stage.points, all ? 200 : 8);
    const lanes = lanesOn(stage, { act: cut, inside: true });
    expect(await failuresAt("migrate, connection cut inside a message", points, lanes)).toBe("");
  });

  test("whose connection was cut while it installed the engine", async () => {
    const points = someOf(beforeCommonEnd(first.points, stage.points), 8);
    const lanes = lanesOn(first, { act: cut });
    expect(await failuresAt("first migrate, connection cut", points, lanes)).toBe("");
  });

  test("that was killed", async () => {
    const points = someOf(stage.points, 16);
    const lanes = lanesOn(stage, { act: killClient });
    expect(await failuresAt("migrate, client killed", points, lanes)).toBe("");
  });

  test("whose session was terminated", async () => {
    const points = someOf(afterLogin(stage.points), 16);
    const lanes = lanesOn(stage, { act: terminateSession(server) });
    expect(await failuresAt("migrate, session terminated", points, lanes)).toBe("");
  });

  test("whose server process was killed", async () => {
    const { stage: own, lanes } = await lanesWithCrash("session killed", ["migrate"], "engine");
    const points = someOf(afterLogin(own.points), 8);
    expect(await failuresAt("migrate, server process killed", points, lanes)).toBe("");
  });

  test("during which the whole server was shut down at once", async () => {
    const { stage: own, lanes } = await lanesWithCrash("server shut down", ["migrate"], "engine");
    const points = someOf(own.points, 8);
    expect(await failuresAt("migrate, server shut down", points, lanes)).toBe("");
  });
});
