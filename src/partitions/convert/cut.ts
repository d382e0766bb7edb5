import { CliError } from "../../core/errors.ts";
import { ServerError } from "../../db/server-error.ts";
import { conversionCut } from "./queries.ts";
import type { Cut } from "./rows.ts";
import type { TableWork } from "./table-work.ts";

/**
 * Returns where the table is cut: where the preparation has cut it already, at the day that the user gave, or where the
 * greatest key and the clock allow it. Throws USAGE for a day that does not do, and CONVERSION_REFUSED for a key that is
 * no time.
 */
export async function cutOf(work: TableWork): Promise<Date> {
  const { input, found } = work;
  if (found.cut !== null) {
    const { cut } = await readCut(work, found.cut.toISOString().slice(0, 10), false);
    if (cut.getTime() !== found.cut.getTime() || (input.cutAt ?? dayOf(cut)) !== dayOf(cut)) {
      throw new CliError("CONVERSION_REFUSED", {
        message: `Table "${work.table.name}" is prepared to be cut at ${dayOf(found.cut)}, which does not fit these options.`,
        hint: "Give the same --granularity and --cut-at as before, or take the preparation back with --undo.",
      });
    }
    return cut;
  }
  if (input.cutAt === null) return (await readCut(work, null, true)).cut;
  const { cut, next, earliest } = await readCut(work, input.cutAt, true);
  if (dayOf(cut) !== input.cutAt) {
    throw unsuitable(input.cutAt, `is no beginning of a ${input.granularity} period`, next);
  }
  if (earliest !== null && cut < earliest) {
    throw unsuitable(input.cutAt, "is not after the greatest key of the table", earliest);
  }
  if (cut <= new Date()) throw unsuitable(input.cutAt, "is over", undefined);
  return cut;
}

function unsuitable(day: string, why: string, better: Date | undefined): CliError {
  return new CliError("USAGE", {
    message: `The table cannot be cut at ${day}: that ${why}.`,
    hint:
      better === undefined
        ? "Leave --cut-at out, and a day is chosen that does."
        : `For example: --cut-at ${dayOf(better)}`,
  });
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

async function readCut(
  { database, input, table, found }: TableWork,
  day: string | null,
  check: boolean,
): Promise<Cut> {
  const { column, granularity } = input;
  const { encoding } = found;
  const given = { relation: table.name, column, granularity, encoding, day, check };
  const [row] = await conversionCut(database, given).catch((error: unknown) => {
    throw isNoTime(error) ? noTime(error) : error;
  });
  if (row === undefined) throw new Error("The query for the cut returned no row.");
  return row;
}

function isNoTime(error: unknown): error is ServerError {
  return error instanceof ServerError && error.sqlState === "DF041";
}

function noTime(error: ServerError): CliError {
  const { message, hint, sqlState } = error;
  return new CliError("CONVERSION_REFUSED", { message, hint, sqlState, cause: error });
}
