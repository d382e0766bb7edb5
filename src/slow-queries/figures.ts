import { counters, type Counts } from "./columns.ts";
import type { Statement } from "./reading.ts";
import type { Figures } from "./results.ts";

/** What figures are made of. */
export type Measured = Counts & Pick<Statement, "execSquares" | "maxTime">;

/** Works out what is shown of a statement; `total` is the time of which it has a share, in milliseconds. */
export function figuresOf(
  measured: Measured,
  { total, blockSize }: { readonly total: number; readonly blockSize: number },
): Figures {
  const { calls, execTime, rows, sharedHit: hit, sharedRead: read } = measured;
  const temp = sum(measured.tempRead, measured.tempWritten);
  return {
    calls,
    execTime,
    share: ratio(execTime, total) ?? 0,
    mean: ratio(execTime, calls) ?? 0,
    standardDeviation: deviation(measured),
    max: measured.maxTime,
    rows,
    rowsPerCall: ratio(rows, calls) ?? 0,
    hitRatio: hit === null || read === null ? null : ratio(hit, hit + read),
    blocksRead: read,
    blocksHit: hit,
    ioTime: sum(measured.readTime, measured.writeTime),
    tempBytes: temp === null ? null : temp * blockSize,
    walBytes: measured.walBytes,
    walFullPages: measured.walFullPages,
    plans: measured.plans,
    planTime: measured.planTime,
    jitTime: measured.jitTime,
  };
}

/** There is none of nothing. */
function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

/** The sum of the squares makes it exact for any time between two readings. */
function deviation({ calls, execTime, execSquares }: Measured): number | null {
  if (calls === 0 || execSquares === null) return null;
  const mean = execTime / calls;
  const variance = execSquares / calls - mean * mean;
  // Of two numbers that are nearly the same, rounding leaves a difference that means nothing.
  return variance > 1e-12 * mean * mean ? Math.sqrt(variance) : 0;
}

/** Adds up entries of one statement. */
export function sumOf(all: readonly Measured[]): Measured {
  const total = (pick: (each: Measured) => number | null): number | null =>
    all.map(pick).reduce(sum, null);
  const longest = all.map(({ maxTime }) => maxTime);
  return {
    ...(Object.fromEntries(
      counters.map((counter) => [counter, total((each) => each[counter])]),
    ) as unknown as Counts),
    execSquares: total(({ execSquares }) => execSquares),
    maxTime: longest.includes(null) ? null : Math.max(...longest.map((each) => each ?? 0)),
  };
}

function sum(one: number | null, other: number | null): number | null {
  return one === null && other === null ? null : (one ?? 0) + (other ?? 0);
}
