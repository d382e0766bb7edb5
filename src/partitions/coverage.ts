import type { PlanRow } from "./rows.ts";

/**
 * Returns until when each moment from `now` on has a partition of its own, in ISO 8601; undefined when `now` has none.
 * The catch-all partition does not count. The rows are sorted by their lower bounds.
 */
export function coveredUntil(rows: readonly PlanRow[], now: Date): string | undefined {
  let end = now.toISOString();
  let isCovered = false;
  for (const { state, lower_bound: from, upper_bound: to } of rows) {
    if (!hasRows.has(state) || to === null) continue;
    if ((from ?? "") <= end && to > end) {
      end = to;
      isCovered = true;
    }
  }
  return isCovered ? end : undefined;
}

/** The states of partitions that take the rows of their bounds; not of one that is half detached. */
const hasRows = new Set(["existing", "misaligned", "expired"]);
