import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { requirePrimary } from "../db/primary.ts";
import { ServerError } from "../db/server-error.ts";
import { tableNamed } from "../db/table-named.ts";
import { checkBounds, readBackfillFile, type BackfillFile } from "./backfill-file.ts";
import { deletesRows } from "./deletes-rows.ts";
import { changed, refused } from "./failure.ts";
import type { BackfillInput } from "./input.ts";
import { lockBackfill } from "./lock-backfill.ts";
import { plan } from "./plan.ts";
import { backfillState } from "./queries.ts";
import { nothingRan, resultOf } from "./result.ts";
import type { BackfillResult } from "./results.ts";
import { runBatches } from "./run-batches.ts";
import { isFresh, readTarget } from "./target.ts";
import type { Work } from "./backfill-work.ts";

/**
 * Runs the statement of a file for batch after batch of a table's rows, from where the journal says that it stopped. With
 * a dry run shows what that would be. Everything is checked before the first batch.
 */
export async function backfill(
  { config, output, signal, withDatabase }: Context,
  input: BackfillInput,
): Promise<BackfillResult> {
  const file = await readBackfillFile(input.file, config.variables);
  return withDatabase(async (database) => {
    const found = await find(database, file, input.isDryRun);
    const work: Work = { database, output, signal, input, file, ...found };
    if (input.isDryRun) return plan(work);
    if (isDestructive(work)) {
      const { database: name } = work.state;
      await output.confirm(
        `Run "${file.name}", which deletes rows for ever, in database "${name}"?`,
        input,
      );
    }
    await lockBackfill(database, file.name);
    return run({ ...work, ...(await find(database, file)) });
  });
}

/** True where rows may be deleted now, and not where the backfill was finished before. */
function isDestructive({ file, input, state }: Work): boolean {
  const isOver = state.finished_at !== null && !isFresh(state) && input.mode !== "restart";
  return deletesRows(file.statement) && !isOver;
}

/** Reads what there is of the table and of the backfill, and checks that they fit. */
async function find(
  database: Database,
  file: BackfillFile,
  mayBeStandby = false,
): Promise<Pick<Work, "table" | "state" | "target">> {
  const [state] = await backfillState(database, { name: file.name }).catch((error: unknown) => {
    throw explainMissingEngine(error);
  });
  if (state === undefined) throw new Error("The query for the backfill returned no row.");
  if (!mayBeStandby) requirePrimary(state);
  const table = await tableNamed(database, file.table);
  if (table === undefined) throw noTable(file.table);
  const target = await readTarget(database, { file, table, state });
  checkBounds(file, target.key_column);
  return { table, state, target };
}

function noTable(name: string): CliError {
  return new CliError("BACKFILL_REFUSED", {
    message: `There is no table ${name}.`,
    hint: "Give its name in the statement or the directive with its schema where that is not on the search_path.",
  });
}

async function run(before: Work): Promise<BackfillResult> {
  const { database, input, file, table } = before;
  const { checksum } = before.state;
  const isFirst = isFresh(before.state);
  const mode = isFirst ? "restart" : input.mode;
  if (mode === "resume" && checksum !== file.checksum) throw changed(before);
  await begin(before, mode);
  const [state = before.state] = await backfillState(database, { name: file.name });
  const work = { ...before, state, target: await readTarget(database, { file, table, state }) };
  // Finished before, or because the table is empty.
  if (state.finished_at !== null)
    return resultOf(work, mode === "restart" ? "finished" : "unchanged", await nothingRan(work));
  const ran = await runBatches(work);
  const [after = state] = await backfillState(database, { name: file.name });
  return resultOf({ ...work, state: after }, "finished", { ...ran, rows: 0 });
}

async function begin({ database, file, table, target }: Work, mode: string): Promise<void> {
  try {
    await database.query("select from public.begin_backfill($1, $2, $3::text::regclass, $4, $5)", [
      file.name,
      file.checksum,
      table.name,
      target.key_column,
      mode,
    ]);
  } catch (error) {
    if (error instanceof ServerError && error.sqlState === "DF081") {
      throw new CliError("BACKFILL_CHANGED", {
        message: error.message,
        hint: "A backfill keeps its table and its key: begin again with --restart, or give the file another name.",
        sqlState: error.sqlState,
        cause: error,
      });
    }
    throw refused(error);
  }
}
