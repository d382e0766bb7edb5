import type { Context } from "../context.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { backfillList } from "./queries.ts";
import type { BackfillList } from "./results.ts";
import type { ListRow } from "./rows.ts";

/** Returns how far each backfill of the database is, the newest first. */
export async function listBackfills({ withDatabase }: Context): Promise<BackfillList> {
  return withDatabase(async (database) => {
    const rows = await backfillList(database).catch((error: unknown) => {
      throw explainMissingEngine(error);
    });
    return { database: rows[0]?.database ?? null, backfills: rows.map(shown) };
  });
}

function shown(row: ListRow): BackfillList["backfills"][number] {
  return {
    name: row.name,
    table: row.relation,
    key: row.key_column,
    lastKey: row.last_key,
    doneTo: row.done_to,
    batches: row.batches,
    rowsWalked: row.rows_walked,
    rowsChanged: row.rows_changed,
    estimatedRows: row.estimated_rows,
    worked: Math.round(row.worked),
    finishedAt: row.finished_at?.toISOString() ?? null,
    state: stateOf(row),
    startedAt: row.started_at.toISOString(),
    workedAt: row.worked_at.toISOString(),
  };
}

function stateOf({
  finished_at: finishedAt,
  running,
}: ListRow): BackfillList["backfills"][number]["state"] {
  if (finishedAt !== null) return "finished";
  return running ? "running" : "stopped";
}
