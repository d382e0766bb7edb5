import { ServerError } from "../../db/server-error.ts";
import { sqlFailure, type SentStatements } from "../../db/sql-failure.ts";
import type { CutStatement } from "../../project/cut-statements.ts";
import type { FollowedRun } from "./follow-run.ts";
import { halfWayFailure } from "./half-way-failure.ts";
import { hideValues } from "./hide-values.ts";
import { isLockError } from "../../db/lock-retry.ts";
import { lockReason, retryOnLock } from "./lock-retry.ts";
import { lockedError } from "./lock.ts";
import { HalfWayError, runOutsideTransaction } from "./outside-transaction.ts";
import type { JournalRow } from "../rows.ts";
import type { Run } from "./run.ts";

/** One migration to run in one direction. */
export interface MigrationRun extends SentStatements {
  readonly transaction: boolean;
  readonly checksum: string | null;
  /** The text that the ledger is to have or has, where `sql` has values in the place of placeholders. */
  readonly recorded?: string | undefined;
  /** `sql` cut where its statements begin, if the engine is to tell which one failed. */
  readonly statements: readonly CutStatement[];
  /** What an earlier run has begun of it, if it runs outside a transaction. */
  readonly journal: readonly JournalRow[];
}

/** What differs between applying and rolling back. */
export interface Direction<Each extends MigrationRun> {
  readonly name: "up" | "down";
  /** Runs and records migrations that need no more than a transaction each, in one call. */
  readonly callTogether: (runs: readonly Each[]) => Promise<unknown>;
  /** Records one whose statements have run. */
  readonly recordOne: (run: Each) => Promise<unknown>;
}

/**
 * Runs migrations in order: those in a transaction together in one call, or each in one of its own where it has a time
 * limit; the others statement by statement. One that does not get a lock is tried again. After a failure it records the
 * failure, which also makes all commits before it durable, and throws what the user is to see.
 */
export async function runMigrations<Each extends MigrationRun>(
  run: Run,
  runs: readonly Each[],
  direction: Direction<Each>,
): Promise<void> {
  for (const batch of batches(runs, run.options.statementTimeout > 0)) {
    const [first] = batch;
    if (first === undefined) continue;
    try {
      if (first.transaction) await runTogether(run, batch, direction);
      else {
        const record = async (): Promise<unknown> => direction.recordOne(first);
        await runOutsideTransaction(run, { ...first, direction: direction.name }, record);
      }
    } catch (error) {
      const failed = whatFailed(
        batch.find(({ name }) => name === run.followed.current) ?? first,
        run.followed,
      );
      throw await recordedFailure(run, { failed, error, direction: direction.name });
    }
  }
}

/** After a lock that was not to be had, goes on with the migration that failed. */
async function runTogether<Each extends MigrationRun>(
  run: Run,
  batch: readonly Each[],
  { callTogether }: Direction<Each>,
): Promise<void> {
  const { database, followed, settings, options } = run;
  const nameOf = (): string => `Migration "${followed.current ?? ""}"`;
  await retryOnLock(run, nameOf, async () => {
    // A time limit binds what is sent after it.
    if (options.statementTimeout > 0)
      await database.query("select public.set_session($1)", [settings]);
    const ended = new Set(followed.ended.map(({ name }) => name));
    await callTogether(batch.filter(({ name }) => !ended.has(name)));
  });
}

/** Cuts a list before and after each migration that does not run in a transaction, or everywhere. */
function batches<Each extends MigrationRun>(runs: readonly Each[], singly: boolean): Each[][] {
  const result: Each[][] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (!singly && run.transaction && last?.[0]?.transaction === true) last.push(run);
    else result.push([run]);
  }
  return result;
}

/** Adds which of its statements failed, if the engine has told. */
function whatFailed<Each extends MigrationRun>(run: Each, { failedStatement }: FollowedRun): Each {
  return { ...run, failed: failedStatement && run.statements[failedStatement - 1] };
}

interface Failure {
  readonly failed: MigrationRun;
  readonly error: unknown;
  readonly direction: Direction<MigrationRun>["name"];
}

/** Records a failure of the server and returns what the user is to see; returns other errors as they are. */
async function recordedFailure(run: Run, failure: Failure): Promise<unknown> {
  const { failed, error } = failure;
  const thrown = error instanceof HalfWayError ? error.error : error;
  if (!(thrown instanceof ServerError)) return error;
  const serverError = hideValues(thrown, run.variables);
  if (serverError.sqlState === "DF009") return lockedError(run.database);
  await recordFailure(run, failed, serverError);
  return error instanceof HalfWayError
    ? halfWayFailure(new HalfWayError(serverError, error.statement, error.leftovers), failed, run)
    : transactionFailure(run, { ...failure, error: serverError });
}

/** Commits synchronously: the batch before it did not. */
async function recordFailure(
  { database }: Run,
  failed: MigrationRun,
  error: ServerError,
): Promise<void> {
  const { message, sqlState, detail, hint, context } = error;
  // A role that a statement outside a transaction has taken on may not record it.
  await database.query("reset session authorization; reset role");
  await database.query("select public.record_migration_event($1, 'failed', $2, null, $3)", [
    failed.name,
    failed.checksum,
    { message, sqlState, detail, hint, context },
  ]);
}

function transactionFailure(
  { options, observer }: Run,
  { failed, error, direction }: Failure & { readonly error: ServerError },
): unknown {
  const text = failureTexts[direction];
  if (!isLockError(error)) {
    return sqlFailure(error, failed, {
      ...text,
      message: `Migration "${failed.name}" ${text.failed}.`,
    });
  }
  return sqlFailure(error, failed, {
    code: "LOCK_TIMEOUT",
    message: `Migration "${failed.name}" ${lockReason(error, options)}, ${options.lockRetries + 1} times in a row.`,
    reasons: observer.seen(),
    hint: `${text.state}; end the sessions in the way or wait for them, and run the command again. --lock-timeout and --lock-retries change its patience.`,
  });
}

// What was applied is what the ledger recorded: correcting its file changes no rollback.
const failureTexts = {
  up: {
    code: "MIGRATION_FAILED",
    failed: "failed",
    state: "The database is as it was before this migration",
    hint: "The database is as it was before this migration; correct it and run the command again.",
    transactionHint: `The database is as it was before this migration. ${withoutTransaction("up")}`,
  },
  down: {
    code: "ROLLBACK_FAILED",
    failed: "failed to roll back",
    state: "The database is as it was before this rollback",
    hint: "The database is as it was before this rollback; remove what stands in its way and run the command again.",
    transactionHint: `The database is as it was before this rollback. ${withoutTransaction("down")}`,
  },
} as const;

/** What to do with a statement that the server does not run in a transaction. */
export function withoutTransaction(part: "up" | "down"): string {
  return `The statement cannot run in a transaction: put it into a migration of its own whose first line is "-- migrate:${part} transaction:false".`;
}
