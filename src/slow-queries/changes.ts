import { sumOf, type Measured } from "./figures.ts";
import { keyOf, type Statement, type Window } from "./reading.ts";
import { totalOf } from "./report.ts";
import type { ChangedStatement, Pace } from "./results.ts";

/** A statement that costs more or less than it did, or runs in one of two windows only. */
export interface Change extends Pick<ChangedStatement, "change" | "factor" | "addedTime"> {
  /** As it is now, or, of one that is gone, as it was. */
  readonly statement: Statement;
  readonly before: Pace | null;
  readonly after: Pace | null;
}

interface Compared {
  readonly earlier: Window;
  readonly later: Window;
  /**
   * The digest of an entry's text, where it is known. By it a statement is found again that has another number: because
   * a table was created anew, or, where `byText` is true, because the server numbers in another way.
   */
  readonly digests: ReadonlyMap<string, string>;
  readonly byText: boolean;
}

/**
 * What is worth a word. A mean differs by half for many a reason that is none, such as what is in the cache. Beside that
 * the difference has to be larger than three standard errors of the two means, which chance exceeds in one of several
 * hundred cases; and it must cost or save a hundredth of all execution time, or nobody would feel it.
 */
const thresholds = { factor: 1.5, standardErrors: 3, share: 0.01 } as const;

/** Returns how statements have changed from one window to the other: what costs most more first, what saves most last. */
export function changesBetween(compared: Compared): Change[] {
  const { earlier, later } = compared;
  const least = {
    earlier: thresholds.share * totalOf(earlier).execTime,
    later: thresholds.share * totalOf(later).execTime,
  };
  return pairs(compared)
    .flatMap((pair) => changeOf(pair) ?? [])
    .filter(
      ({ change, addedTime }) =>
        Math.abs(addedTime) >= (change === "gone" ? least.earlier : least.later),
    )
    .toSorted(
      (one, other) =>
        other.addedTime - one.addedTime || (keyOf(one.statement) < keyOf(other.statement) ? -1 : 1),
    );
}

/** The statements that the comparison cannot tell apart by their entries alone. */
export function unpaired({ earlier, later, byText }: Omit<Compared, "digests">): Statement[] {
  if (byText) return [...earlier.statements, ...later.statements];
  const [before, after] = [earlier, later].map(({ statements }) => new Set(statements.map(keyOf)));
  return [
    ...earlier.statements.filter((each) => after?.has(keyOf(each)) !== true),
    ...later.statements.filter((each) => before?.has(keyOf(each)) !== true),
  ];
}

interface Pair {
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
}

function pairs(compared: Compared): Pair[] {
  const { earlier, later, digests } = compared;
  const alone = new Set(unpaired(compared));
  const groups = new Map<string, { before: Statement[]; after: Statement[] }>();
  const nameOf = (statement: Statement): string => {
    const digest = alone.has(statement) ? digests.get(keyOf(statement)) : undefined;
    const { user, database, isTopLevel } = statement;
    return digest === undefined
      ? keyOf(statement)
      : JSON.stringify([digest, user, database, isTopLevel]);
  };
  for (const [side, { statements }] of [
    ["before", earlier],
    ["after", later],
  ] as const) {
    for (const statement of statements.filter(({ calls }) => calls > 0)) {
      const name = nameOf(statement);
      const group = groups.get(name) ?? { before: [], after: [] };
      group[side].push(statement);
      groups.set(name, group);
    }
  }
  return [...groups.values()];
}

function changeOf({ before, after }: Pair): Change | undefined {
  const [statement] = (after.length > 0 ? after : before).toSorted(
    (one, other) => other.execTime - one.execTime,
  );
  if (statement === undefined) return undefined;
  const [then, now] = [sumOf(before), sumOf(after)];
  const sides = { statement, before: paceOf(then), after: paceOf(now), factor: null };
  if (before.length === 0) {
    return { ...sides, before: null, change: "new", addedTime: now.execTime };
  }
  if (after.length === 0) {
    return { ...sides, after: null, change: "gone", addedTime: -then.execTime };
  }
  const factor = sides.before.mean > 0 ? sides.after.mean / sides.before.mean : Infinity;
  if (Math.max(factor, 1 / factor) < thresholds.factor || isChance(then, now)) return undefined;
  return {
    ...sides,
    change: factor > 1 ? "slower" : "faster",
    factor: Number.isFinite(factor) ? factor : null,
    addedTime: (sides.after.mean - sides.before.mean) * sides.after.calls,
  };
}

function paceOf({ calls, execTime }: Measured): Pace {
  return { calls, execTime, mean: calls > 0 ? execTime / calls : 0 };
}

/** True where two means differ no more than the spread of the calls explains. Of a single call no spread is known. */
function isChance(before: Measured, after: Measured): boolean {
  const difference = Math.abs(paceOf(after).mean - paceOf(before).mean);
  const error = Math.sqrt(squaredError(before) + squaredError(after));
  return difference <= thresholds.standardErrors * error;
}

/** The square of the standard error of a mean. */
function squaredError({ calls, execTime, execSquares }: Measured): number {
  if (calls < 2 || execSquares === null) return 0;
  const mean = execTime / calls;
  return Math.max(0, execSquares / calls - mean * mean) / (calls - 1);
}
