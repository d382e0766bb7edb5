import { backfillPressure } from "./queries.ts";
import type { BackfillResult } from "./results.ts";
import type { Ran } from "./run-batches.ts";
import type { Work } from "./backfill-work.ts";

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
  work: Work,
  state: BackfillResult["state"],
  { rows = 0, plan = [], ...ran }: Ran & Partial<Rest>,
): BackfillResult {
  const far = progressOf(work);
  const { rowsWalked, worked } = far;
  return {
    database: work.state.database,
    ...far,
    state,
    index: work.target.index,
    left: {
      rows,
      batches: Math.ceil(rows / work.input.rows),
      duration: rowsWalked === 0 ? null : Math.round((worked / rowsWalked) * rows),
    },
    plan,
    ...ran,
  };
}

type Far = Omit<BackfillResult, "database" | "state" | "index" | "left" | "plan" | keyof Ran>;

/** What the journal has; nothing before the first run. */
function progressOf({ file, state, table, target }: Work): Far {
  return {
    name: file.name,
    table: table.name,
    key: target.key_column,
    lastKey: state.last_key,
    doneTo: state.done_to,
    batches: state.batches ?? 0,
    rowsWalked: state.rows_walked ?? 0,
    rowsChanged: state.rows_changed ?? 0,
    estimatedRows: state.estimated_rows ?? target.rows_left,
    worked: Math.round(state.worked ?? 0),
    finishedAt: state.finished_at?.toISOString() ?? null,
  };
}
