import type { StatusResult } from "./results.ts";

/** What a monitoring system asked to be told. */
interface Asked {
  /** Anything that is wrong now. */
  readonly exitCode: boolean;
  /** Milliseconds from now that each table is to be covered for. */
  readonly minRunway: number | undefined;
}

/** True when something is as the caller asked to be told. */
export function hasFindings({ parents }: StatusResult, { exitCode, minRunway }: Asked): boolean {
  return parents.some(
    ({ failed, runway, gaps, strays, partitions }) =>
      (minRunway !== undefined && runway < minRunway) ||
      (exitCode &&
        (failed !== null ||
          gaps.length > 0 ||
          strays === null ||
          strays.some(({ due }) => due) ||
          partitions.some(({ state }) => state === "detaching"))),
  );
}
