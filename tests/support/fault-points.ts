import type { Direction, MessageTypes } from "./protocol-proxy.ts";
import { randomSample } from "./random-choice.ts";

/** A message before which something is done. */
export interface FaultPoint {
  readonly direction: Direction;
  /** From 1. */
  readonly number: number;
  readonly type: string;
}

/** Returns a point for each message of an undisturbed run. */
export function faultPoints(messages: MessageTypes): FaultPoint[] {
  return (["toServer", "toClient"] as const).flatMap((direction) =>
    messages[direction].map((type, index) => ({ direction, number: index + 1, type })),
  );
}

/** What a client sends before it is told: without a password, the message that starts the session is the last. */
const loginTypes = new Set(["SSLRequest", "StartupMessage", "p"]);

/** Returns those from which on the server has told which process serves the client. */
export function afterLogin(points: readonly FaultPoint[]): FaultPoint[] {
  const key = points.find(({ type }) => type === "K")?.number ?? 0;
  const password = points.findLast(({ type }) => loginTypes.has(type))?.number ?? 0;
  return points.filter(
    ({ direction, number }) => number > (direction === "toClient" ? key : password),
  );
}

/** True for a run that is to leave nothing out. */
export const all = process.env["TEST_FAULTS"] === "all";

/** For one test that tries points, in milliseconds. */
export const patience = all ? 12 * 3_600_000 : 180_000;

/**
 * Returns a random choice of `count` points, half of them where a request has been carried out and the client does not
 * know it for certain, because only the end of the answer is missing; all points when TEST_FAULTS is "all".
 */
export function someOf(points: readonly FaultPoint[], count: number): readonly FaultPoint[] {
  if (all) return points;
  const isEnd = ({ type }: FaultPoint): boolean => type === "Z";
  const half = Math.ceil(count / 2);
  return [
    ...randomSample(points.filter(isEnd), half),
    ...randomSample(
      points.filter((point) => !isEnd(point)),
      count - half,
    ),
  ];
}

type Attempt<Point> = (point: Point) => Promise<void>;

/**
 * Tries all points, as many at a time as there are lanes, and returns what was wrong at each: an empty text when nothing
 * was. Prints after `title` how many were tried and how many failed.
 */
export async function failuresAt<Point>(
  title: string,
  points: readonly Point[],
  lanes: readonly Attempt<Point>[],
): Promise<string> {
  if (points.length === 0) throw new Error("There is no point to try.");
  const failures: string[] = [];
  // All points together may take hours, so that failures and progress are shown at once.
  const say = (text: string): void => {
    process.stdout.write(`${title}: ${text}\n`);
  };
  const rest = points.entries();
  const follow = async (attempt: Attempt<Point>): Promise<void> => {
    for (const [place, point] of rest) {
      if (place > 0 && place % 200 === 0) say(`at point ${place} of ${points.length}`);
      try {
        await attempt(point);
      } catch (error) {
        const failure = `${JSON.stringify(point)}: ${textOf(error)}`;
        say(failure);
        failures.push(failure);
      }
    }
  };
  await Promise.all(lanes.map(follow));
  say(`${points.length} points, ${failures.length} failed`);
  return failures.join("\n");
}

/** With the values that an assertion compared, which its message cuts short. */
function textOf(error: unknown): string {
  const { expected, actual } = error as { readonly expected?: unknown; readonly actual?: unknown };
  const compared =
    actual === undefined ? "" : `\nexpected: ${show(expected)}\nfound: ${show(actual)}`;
  return `${String(error)}${compared}`;
}

function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
