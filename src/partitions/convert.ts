import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { View } from "../output/output.ts";
import { count } from "../output/units.ts";
import { createAhead, cutOver, readAhead, readCutOver } from "./convert/cut-over.ts";
import { cutOf } from "./convert/cut.ts";
import type { ConvertInput } from "./convert/input.ts";
import { prepare, readPreparation } from "./convert/prepare.ts";
import type { ConvertResult } from "./convert/results.ts";
import { readUndo, undo } from "./convert/undo.ts";
import { lockConversion, readTable, refuseProblems, type TableWork } from "./convert/table-work.ts";

interface ConvertOptions extends ConvertInput {
  /** Do not ask before rows are moved. */
  readonly yes: boolean;
  /** Shows what is to be undone before it is. */
  readonly view: View<ConvertResult>;
}

/**
 * Plans, prepares, makes or undoes the conversion of a plain table into a partitioned one. The catalog says how far it
 * has come, so that each step goes on where a run of it was interrupted, and does nothing where it has been done.
 */
export async function convert(
  { output, signal, withDatabase }: Context,
  { yes, view, ...input }: ConvertOptions,
): Promise<ConvertResult> {
  return withDatabase(async (database) => {
    const work = await readTable({ database, output, signal, input });
    if (input.step === "plan") return plan(work);
    const locked = await lockConversion(work);
    if (input.step === "undo") return undoStep(locked, { yes, view });
    // Done by a run that was not seen to end.
    if (locked.found.state === "converted") return aheadStep(locked);
    refuseProblems(locked, "converted", locked.found.problems);
    refuseOtherColumn(locked);
    return input.step === "prepare" ? prepareStep(locked) : cutOverStep(locked);
  });
}

function refuseOtherColumn({ found, input, table }: TableWork): void {
  const { column_name: column } = found;
  if (column === null || column === input.column) return;
  throw new CliError("CONVERSION_REFUSED", {
    message: `Table "${table.name}" is prepared to be partitioned by "${column}", not by "${input.column}".`,
    hint: "Take that back first: --undo",
  });
}

/** Changes nothing. */
async function plan(work: TableWork): Promise<ConvertResult> {
  const { found } = work;
  if (found.state === "converted") return resultOf(work, await readUndo(work));
  if (found.problems.length > 0) return resultOf(work, {});
  refuseOtherColumn(work);
  const cut = await cutOf(work);
  const open = await readPreparation(work, cut);
  const statements = [...open, ...(await readCutOver(work, cut)), ...(await readAhead(work, cut))];
  return resultOf(work, { cut, statements, isPrepared: open.length === 0 });
}

async function prepareStep(work: TableWork): Promise<ConvertResult> {
  const cut = await cutOf(work);
  const statements = await prepare(work, cut);
  return resultOf(await readTable(work), { cut, statements, isPrepared: true });
}

async function cutOverStep(work: TableWork): Promise<ConvertResult> {
  const cut = work.found.state === "begun" ? await cutOf(work) : undefined;
  if (cut === undefined || (await readPreparation(work, cut)).length > 0) {
    throw new CliError("CONVERSION_REFUSED", {
      message: `Table "${work.table.name}" is not prepared.`,
      hint: "Run the same command with --prepare first; readers and writers go on meanwhile.",
    });
  }
  // Also lets the session load what the transaction will need while nobody waits for it.
  const statements = await readCutOver(work, cut);
  const lockedFor = await cutOver(work);
  const after = await readTable(work);
  const ahead = await createAhead(after, cut);
  return resultOf(after, { cut, statements: [...statements, ...ahead], lockedFor });
}

/** Goes on after a cut-over that was not seen to end. */
async function aheadStep(work: TableWork): Promise<ConvertResult> {
  const { cut } = work.found;
  const isWanted = work.input.step === "cut-over" && cut !== null;
  return resultOf(work, { statements: isWanted ? await createAhead(work, cut) : [] });
}

async function undoStep(
  work: TableWork,
  { yes, view }: Pick<ConvertOptions, "yes" | "view">,
): Promise<ConvertResult> {
  const { output, found, table } = work;
  if (found.state === "partitioned") {
    throw new CliError("CONVERSION_REFUSED", {
      message: `Table "${table.name}" was not partitioned by this command.`,
      hint: "Only what it has done can be undone.",
    });
  }
  refuseProblems(work, "turned back into a plain table", found.undo_problems);
  const planned = await readUndo(work);
  if (planned.newerRows !== null) {
    if (!yes) output.preview(resultOf(work, planned), view);
    const moved = count(planned.newerRows, "row");
    await output.confirm(`Move ${moved} back and drop the newer partitions of "${table.name}"?`, {
      yes,
    });
  }
  const lockedFor = await undo(work, planned);
  return resultOf(await readTable(work), { ...planned, lockedFor });
}

interface Done extends Partial<Pick<ConvertResult, "statements" | "lockedFor" | "newerRows">> {
  readonly cut?: Date;
  readonly isPrepared?: boolean;
}

function resultOf({ input, found }: TableWork, done: Done): ConvertResult {
  const { isPrepared = false, ...ran } = done;
  const cut = done.cut ?? found.cut;
  return {
    database: found.database,
    table: found.table,
    step: input.step,
    state: isPrepared && found.state === "begun" ? "prepared" : stateOf(found.state),
    column: found.column_name ?? input.column,
    granularity: input.granularity,
    original: found.original,
    rows: found.rows,
    bytes: found.bytes,
    problems: found.state === "converted" ? found.undo_problems : found.problems,
    statements: [],
    lockedFor: null,
    newerRows: null,
    ...ran,
    cut: cut?.toISOString() ?? null,
  };
}

const states = ["plain", "begun", "converted", "partitioned"] as const;

function stateOf(name: string): ConvertResult["state"] {
  const state = states.find((each) => each === name);
  if (state === undefined) throw new Error(`There is no state "${name}".`);
  return state;
}
