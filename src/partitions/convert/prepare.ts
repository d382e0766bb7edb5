import { ServerError } from "../../db/server-error.ts";
import { showSteps } from "../../output/steps.ts";
import { preparation, undoStatements } from "./queries.ts";
import type { ConvertResult } from "./results.ts";
import type { ConversionStatement } from "./rows.ts";
import { locksOf } from "./locks.ts";
import { withLockRetries, type TableWork } from "./table-work.ts";

type Statement = ConvertResult["statements"][number];

/** Reads which statements of the preparation have not run yet. */
export async function readPreparation(
  { database, input, table, found }: TableWork,
  cut: Date,
): Promise<Statement[]> {
  const { column } = input;
  const { encoding } = found;
  const given = { relation: table.name, column, encoding, cut: cut.toISOString() };
  return (await preparation(database, given)).map(shown);
}

/** Runs the statements of the preparation that have not run yet, each by itself, and returns them. */
export async function prepare(work: TableWork, cut: Date): Promise<Statement[]> {
  const statements = await readPreparation(work, cut);
  const steps = statements.length === 0 ? undefined : await showSteps(work.output, words);
  for (const { sql } of statements) {
    steps?.begin(sql);
    try {
      await withLockRetries(work, "The preparation", async () => runAlone(work, sql));
    } catch (error) {
      steps?.fail();
      await takeBack(work, error);
      throw error;
    }
    steps?.end(sql);
  }
  return statements;
}

const words = { begin: "Running", end: "Ran" };

/**
 * Runs a statement in a transaction of its own. Nobody waits for what takes SHARE UPDATE EXCLUSIVE, while it waits itself,
 * and what is done concurrently would leave something invalid behind if it gave up.
 */
export async function runAlone({ database, input }: TableWork, statement: string): Promise<void> {
  const limit = / (concurrently|validate constraint) /.test(statement) ? 0 : input.lockTimeout;
  await database.query(`set lock_timeout = ${limit}`);
  await database.query(statement);
}

/**
 * A row that does not fit would let the CHECKs refuse others of its kind for nothing. SQLSTATE check_violation.
 */
async function takeBack(work: TableWork, error: unknown): Promise<void> {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof ServerError) || cause.sqlState !== "23514") return;
  const undo = await undoStatements(work.database, { relation: work.table.name });
  for (const { statement } of undo) {
    // An index that took long to build does no harm, and the next run needs it.
    if (!statement.startsWith("drop index"))
      await withLockRetries(work, "The preparation", async () => runAlone(work, statement));
  }
}

function shown({ statement, reads_table: readsTable, ...row }: ConversionStatement): Statement {
  return { phase: "preparation", sql: statement, locks: locksOf(row), readsTable };
}
