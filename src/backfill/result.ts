import { backfillPressure } from "./queries.ts";
import type { BackfillResult } from "./results.ts";
import type { Ran } from "./run-batches.ts";
import type { Work } from "./work.ts";

/** What is said of a backfill that has done nothing now. */
export async function nothingRan({ database, table }: Work): Promise<Ran & Partial<Rest>> {
  const [pressure] = await backfillPressure(database, { relation: table.name });
  const none = { batches: 0, rowsWalked: 0, rowsChanged: 0, duration: 0, heldBack: 0 };
  return {
    run: { ...none, batchesInTheWay: 0 },
    deadRows: pressure?.dead_rows ?? 0,
    liveRows: pressure?.live_rows ?? 0,
  };
}

/** What a dry run adds. */
interface Rest {
  readonly rows: number;
  readonly plan: string[];
}

/** Puts together what a run or a dry run says. */
export function resultOf(
  { file, state, table, target, input }: Work,
  name: BackfillResult["state"],
  { rows = 0, plan: lines = [], ...ran }: Ran & Partial<Rest>,
): BackfillResult {
  const walked = state.rows_walked ?? 0;
  const worked = state.worked ?? 0;
  return {
    database: state.database,
    name: file.name,
    table: table.name,
    key: target.key_column,
    index: target.index,
    lastKey: state.last_key,
    doneTo: state.done_to,
    batches: state.batches ?? 0,
    rowsWalked: walked,
    rowsChanged: state.rows_changed ?? 0,
    estimatedRows: state.estimated_rows ?? target.rows_left,
    worked,
    finishedAt: state.finished_at?.toISOString() ?? null,
    state: name,
    left: {
      rows,
      batches: Math.ceil(rows / input.rows),
      duration: walked === 0 ? null : Math.round((worked / walked) * rows),
    },
    plan: lines,
    ...ran,
  };
}
