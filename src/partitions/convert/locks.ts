import type { ConvertResult } from "./results.ts";

type Locks = ConvertResult["statements"][number]["locks"];

/** Returns the locks of a statement, as the queries have them, as a result shows them. */
export function locksOf({
  lock_mode: mode,
  locked: tables,
}: {
  readonly lock_mode: string | null;
  readonly locked: string[];
}): Locks {
  return mode === null ? [] : [{ mode, tables }];
}
