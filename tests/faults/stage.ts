import { createProject } from "../support/project.ts";
import { all, faultPoints, type FaultPoint } from "../support/fault-points.ts";
import { startThrowawayServer } from "../support/throwaway-server.ts";
import { expectOutcome, outcomeOf, type Outcome } from "./outcome.ts";
import { files } from "./project-files.ts";
import {
  killSession,
  messagesOf,
  runWithFault,
  succeed,
  type Fault,
  type FaultStrike,
  type Target,
} from "./scenario.ts";
import { addressOf, createOn, withCopy, withSession, type Site } from "./site.ts";

/** A command and all that an undisturbed run of it shows. */
export interface Stage extends Site {
  readonly command: readonly string[];
  readonly project: string;
  readonly points: readonly FaultPoint[];
  readonly expected: Outcome;
}

/** How often a test starts a run at the same time, where all share a server. */
const lanes = 4;

/** What is on the server before the command: nothing, the engine, or all migrations. */
type Before = "nothing" | "engine" | "migrated";

/** Prepares a server for a command and runs it once undisturbed. */
export async function setStage(
  url: string,
  command: readonly string[],
  before: Before,
): Promise<Stage> {
  const project = await createProject(files);
  const template = await createOn(url);
  const target = { url: addressOf(url, template), project };
  const empty = await createProject({ "migrations/.keep": "" });
  if (before !== "nothing")
    await succeed(["migrate"], before === "engine" ? { ...target, project: empty } : target);
  return withCopy({ url, template }, async (copy) => {
    const points = faultPoints(await messagesOf(command, { url: copy, project }));
    const expected = await withSession(copy, outcomeOf);
    return { url, template, command, project, points, expected };
  });
}

/** A way to disturb a run. */
export interface Disturbance {
  readonly act: Fault;
  readonly inside?: boolean;
  /** Puts the server back to work. */
  readonly restore?: () => Promise<void>;
}

type Attempt = (point: FaultPoint) => Promise<void>;

/** Returns what tries a point: in a copy, a run that is disturbed, and then one that is not. */
function attempt(stage: Stage, { act, inside = false, restore }: Disturbance): Attempt {
  const { command, project, expected } = stage;
  const disturb = async (target: Target, strike: FaultStrike): ReturnType<typeof runWithFault> => {
    try {
      return await runWithFault(command, target, strike);
    } finally {
      await restore?.();
    }
  };
  const tryAt = async (url: string, { direction, number }: FaultPoint): Promise<void> => {
    const target = { url, project };
    const check = async (): Promise<void> => {
      expectOutcome(await withSession(url, outcomeOf), expected);
    };
    const disturbed = await disturb(target, { direction, number, inside, act });
    if (disturbed.exitCode === 0) await check();
    await succeed(command, target);
    await check();
  };
  return async (point) => withCopy(stage, async (url) => tryAt(url, point));
}

/** Returns lanes on one server for a fault that does not harm the others. */
export function lanesOn(stage: Stage, disturbance: Disturbance): Attempt[] {
  return Array.from({ length: lanes }, () => attempt(stage, disturbance));
}

/** The ways to disturb a run that end the whole server with it, at least for a moment. */
export type CrashKind = "session killed" | "server shut down";

/** Returns lanes with a server each, and the stage on the first of them. */
export async function lanesWithCrash(
  kind: CrashKind,
  command: readonly string[],
  before: Before,
): Promise<{ readonly stage: Stage; readonly lanes: readonly Attempt[] }> {
  const created = await Promise.all(
    Array.from({ length: all ? lanes : 2 }, async () => {
      const server = await startThrowawayServer();
      const stage = await setStage(server.url, command, before);
      const disturbance: Disturbance =
        kind === "session killed"
          ? { act: killSession(server.url) }
          : { act: async () => server.shutDownImmediately(), restore: async () => server.start() };
      return { stage, lane: attempt(stage, disturbance) };
    }),
  );
  const [first] = created;
  if (first === undefined) throw new Error("There is no lane.");
  return { stage: first.stage, lanes: created.map(({ lane }) => lane) };
}
