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

/** Returns those from which on the server has told which process serves the client. */
export function afterLogin(points: readonly FaultPoint[]): FaultPoint[] {
  const key = points.find(({ type }) => type === "K")?.number ?? 0;
  const password = points.findLast(({ type }) => type === "p")?.number ?? 0;
  return points.filter(
    ({ direction, number }) => number > (direction === "toClient" ? key : password),
  );
}

const all = process.env["TEST_FAULTS"] === "all";

/** For one test that tries points, in milliseconds. */
export const patience = all ? 3_600_000 : 180_000;

/** Returns a random choice of `count` points; all of them when TEST_FAULTS is "all". */
export function someOf(points: readonly FaultPoint[], count: number): readonly FaultPoint[] {
  return all ? points : randomSample(points, count);
}

/**
 * Returns the points at which a request has been carried out and the client does not know it for certain, because only
 * the end of the answer is missing, and `count` of the others; all when TEST_FAULTS is "all".
 */
export function answersAnd(points: readonly FaultPoint[], count: number): readonly FaultPoint[] {
  const others = points.filter(({ type }) => type !== "Z");
  return all
    ? points
    : [...points.filter(({ type }) => type === "Z"), ...randomSample(others, count)];
}

/**
 * Tries all points, a few at a time, and returns what was wrong at each: an empty text when nothing was. Prints their
 * number after `title`.
 */
export async function failuresAt(
  title: string,
  points: readonly FaultPoint[],
  attempt: (point: FaultPoint) => Promise<void>,
): Promise<string> {
  if (points.length === 0) throw new Error("There is no point to try.");
  process.stdout.write(`${title}: ${points.length} points\n`);
  const failures: string[] = [];
  const rest = points.values();
  const lane = async (): Promise<void> => {
    for (const point of rest) {
      try {
        await attempt(point);
      } catch (error) {
        const { direction, number, type } = point;
        failures.push(`${direction} ${number} (${type}): ${textOf(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
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
