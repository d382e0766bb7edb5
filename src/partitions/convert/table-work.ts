import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { isLockError, retryOnLock } from "../../db/lock-retry.ts";
import { refuseTransactionPooler } from "../../db/pooler.ts";
import { ServerError } from "../../db/server-error.ts";
import type { Output } from "../../output/output.ts";
import { formatDuration } from "../../output/units.ts";
import { explainMissingEngine } from "../../db/engine-missing.ts";
import { pauses } from "../lock-patience.ts";
import { tableNamed, type FoundTable } from "../../db/table-named.ts";
import type { ConvertInput } from "./input.ts";
import { conversion, conversionLock } from "./queries.ts";
import type { ConvertResult } from "./results.ts";
import type { Conversion } from "./rows.ts";

/** The session that works on a table, and whom it tells of it. */
export interface Work {
  readonly database: Database;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly input: ConvertInput;
}

/** The same with what the database says of the table. */
export interface TableWork extends Work {
  readonly table: FoundTable;
  readonly found: Conversion;
}

/** Reads what there is; throws USAGE and ENGINE_MISSING. */
export async function readTable(work: Work): Promise<TableWork> {
  const { database, input } = work;
  const table = await tableNamed(database, input.table);
  if (table === undefined) throw noTable(input.table);
  const given = { relation: table.name, column: input.column, encoding: input.keyEncoding };
  const [found] = await conversion(database, given).catch((error: unknown) => {
    throw explainMissingEngine(error);
  });
  if (found === undefined) throw new Error("The query for the table returned no row.");
  // The name that the server writes depends on the search_path.
  return { ...work, table, found: { ...found, table: table.name } };
}

function noTable(name: string): CliError {
  return new CliError("USAGE", {
    message: `There is no table "${name}".`,
    hint: "Give its name, with its schema where that is not on the search_path: shop.orders",
  });
}

/** How long a run that was killed may take to end on the server, in milliseconds. */
const lockPatience = 10_000;

/** Takes the lock of the conversion for the session and reads the table again; throws LOCKED and POOLER_UNSUITABLE. */
export async function lockConversion(before: TableWork): Promise<TableWork> {
  const { database, table } = before;
  // Before the lock is taken, which would otherwise stay with a session of the pool.
  await refuseTransactionPooler(database);
  const deadline = performance.now() + lockPatience;
  for (;;) {
    const [lock] = await conversionLock(database, { table: table.name });
    // What has the name may be another table than before.
    if (lock?.locked === true) return readTable(before);
    if (performance.now() > deadline) break;
    await sleep(50 + Math.random() * 150);
  }
  throw new CliError("LOCKED", {
    message: `Another run is converting table "${table.name}".`,
    hint: "Wait for it to end and run the command again: it goes on where that one stopped.",
  });
}

/** Runs something that needs a lock, again and again within the limits that the user gave; throws CONVERSION_FAILED. */
export async function withLockRetries<Result>(
  { input, output, signal, table }: TableWork,
  what: string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const { lockTimeout, lockRetries } = input;
  try {
    return await retryOnLock(
      { ...pauses, lockRetries, signal },
      async () => {
        if (signal.aborted) throw new CliError("INTERRUPTED", { message: "Interrupted." });
        return attempt();
      },
      {
        nameOf: () => what,
        failed: ({ times, pause }) => {
          output.warn(
            `${what} did not get its locks within ${formatDuration(lockTimeout)} ` +
              `(attempt ${times} of ${lockRetries + 1}); trying again in ${formatDuration(pause)}.`,
          );
        },
      },
    );
  } catch (error) {
    throw error instanceof ServerError ? conversionFailed(error, table, what) : error;
  }
}

function conversionFailed(error: ServerError, table: FoundTable, what: string): unknown {
  const { message, detail, hint, sqlState } = error;
  // Class 57: somebody ended the statement or the session.
  if (sqlState.startsWith("57")) return error;
  const isLock = isLockError(error);
  return new CliError("CONVERSION_FAILED", {
    message: isLock
      ? `${what} of table "${table.name}" did not get its locks, however often it was tried.`
      : `${what} of table "${table.name}" failed.`,
    detail: [message, detail].filter((part) => part !== undefined).join("\n"),
    hint: isLock
      ? "Nothing was changed by it. End the transactions that are open on the tables that the plan names, or give it longer with --lock-timeout."
      : (hint ??
        "It left nothing behind. Correct the cause and run the command again: it goes on where it stopped."),
    sqlState,
    cause: error,
  });
}

/** Throws CONVERSION_REFUSED with all problems, if there are any. */
export function refuseProblems(
  { table }: TableWork,
  what: string,
  problems: ConvertResult["problems"],
): void {
  if (problems.length === 0) return;
  throw new CliError("CONVERSION_REFUSED", {
    message: `Table "${table.name}" cannot be ${what}.`,
    detail: problems
      .map(({ problem, cure }) => (cure === null ? problem : `${problem}\n  ${cure}`))
      .join("\n"),
    hint: "Nothing was changed.",
  });
}
