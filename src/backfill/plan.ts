import { fill } from "./backfill-file.ts";
import { batchFailed, changed, standingOf } from "./failure.ts";
import { backfillBounds } from "./queries.ts";
import { nothingRan, resultOf } from "./result.ts";
import type { BackfillResult } from "./results.ts";
import type { State } from "./rows.ts";
import { isFresh, readTarget } from "./target.ts";
import type { Work } from "./backfill-work.ts";

/** Says what a run would do; changes nothing. */
export async function plan(work: Work): Promise<BackfillResult> {
  const { file, input, state } = work;
  if (input.mode === "restart" || isFresh(state)) {
    const anew: State = { ...state, done_to: null, last_key: null, finished_at: null };
    const fresh = {
      ...work,
      state: { ...anew, batches: 0, rows_walked: 0, rows_changed: 0, worked: 0 },
    };
    const target = await readTarget(work.database, fresh);
    return planned({ ...fresh, target, state: { ...fresh.state, last_key: target.last_key } });
  }
  if (input.mode === "resume" && state.checksum !== file.checksum) throw changed(work);
  if (state.finished_at !== null) return resultOf(work, "unchanged", await nothingRan(work));
  return planned(work);
}

async function planned(work: Work): Promise<BackfillResult> {
  const rest = await nothingRan(work);
  return resultOf(work, "planned", {
    ...rest,
    rows: work.target.rows_left,
    plan: await explainBatch(work),
  });
}

/** Returns how the server would run the next batch, which EXPLAIN does not execute. */
async function explainBatch({
  database,
  input,
  file,
  table,
  target,
  state,
}: Work): Promise<string[]> {
  if (state.last_key === null) return [];
  const [bounds] = await backfillBounds(database, {
    relation: table.name,
    key: target.key_column,
    after: state.done_to,
    until: state.last_key,
    size: input.rows,
  });
  if (bounds === undefined || bounds.batch_from === null) return [];
  const literal = (key: string | null): string =>
    `'${(key ?? "").replaceAll("'", "''")}'::${target.key_type}`;
  const filled = fill(file, { from: literal(bounds.batch_from), to: literal(bounds.batch_to) });
  const prefix = "explain ";
  try {
    const rows = await database.query(prefix + filled.statement.text);
    return rows.map((row) => String(Object.values(row)[0]));
  } catch (error) {
    throw batchFailed(error, { file, input }, { filled, standing: standingOf(state), prefix });
  }
}
