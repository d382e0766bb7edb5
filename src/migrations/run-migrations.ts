import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { sqlFailure, type SentStatements } from "../db/sql-failure.ts";
import type { CutStatement } from "./cut-statements.ts";
import type { FollowedRun } from "./follow-run.ts";
import { halfWayFailure } from "./half-way-failure.ts";
import { HalfWayError, runOutsideTransaction } from "./outside-transaction.ts";
import { runSettings } from "./run-settings.ts";

/** One migration to run in one direction. */
export interface MigrationRun extends SentStatements {
  readonly transaction: boolean;
  readonly checksum: string | null;
  /** `sql` cut where its statements begin, if the engine is to tell which one failed. */
  readonly statements: readonly CutStatement[];
}

/** What differs between applying and rolling back. */
export interface Direction<Run extends MigrationRun> {
  /** Runs and records migrations that need no more than a transaction each, in one call. */
  readonly callTogether: (runs: readonly Run[]) => Promise<unknown>;
  /** Records one whose statements have run. */
  readonly recordOne: (run: Run) => Promise<unknown>;
  readonly code: "MIGRATION_FAILED" | "ROLLBACK_FAILED";
}

/**
 * Runs migrations in order: those in a transaction together in one call, the others statement by statement. After a
 * failure it records the failure, which also makes all commits before it durable, and throws what the user is to see.
 */
export async function runMigrations<Run extends MigrationRun>(
  database: Database,
  { runs, followed }: { readonly runs: readonly Run[]; readonly followed: FollowedRun },
  direction: Direction<Run>,
): Promise<void> {
  for (const batch of batches(runs)) {
    const [first] = batch;
    if (first === undefined) continue;
    try {
      if (first.transaction) await direction.callTogether(batch);
      else
        await runOutsideTransaction(database, { version: first.name, sql: first.sql }, async () =>
          direction.recordOne(first),
        );
    } catch (error) {
      const serverError = error instanceof HalfWayError ? error.error : error;
      if (!(serverError instanceof ServerError)) throw error;
      const failed = whatFailed(
        batch.find(({ name }) => name === followed.current) ?? first,
        followed,
      );
      await recordFailure(database, failed, serverError);
      throw error instanceof HalfWayError
        ? halfWayFailure(error, failed)
        : sqlFailure(serverError, failed, {
            code: direction.code,
            message: `Migration "${failed.name}" failed${direction.code === "ROLLBACK_FAILED" ? " to roll back" : ""}.`,
            ...hints[direction.code],
          });
    }
  }
}

// What was applied is what the ledger recorded: correcting its file changes no rollback.
const hints = {
  MIGRATION_FAILED: {
    hint: "The database is as it was before this migration; correct it and run the command again.",
    transactionHint: `The database is as it was before this migration. ${withoutTransaction("up")}`,
  },
  ROLLBACK_FAILED: {
    hint: "The database is as it was before this rollback; remove what stands in its way and run the command again.",
    transactionHint: `The database is as it was before this rollback. ${withoutTransaction("down")}`,
  },
} as const;

function withoutTransaction(part: string): string {
  return `The statement cannot run in a transaction: put it into a migration of its own whose first line is "-- migrate:${part} transaction:false".`;
}

/** Adds which of its statements failed, if the engine has told. */
function whatFailed<Run extends MigrationRun>(run: Run, { failedStatement }: FollowedRun): Run {
  return { ...run, failed: failedStatement && run.statements[failedStatement - 1] };
}

/** Cuts a list before and after each migration that does not run in a transaction. */
function batches<Run extends MigrationRun>(runs: readonly Run[]): Run[][] {
  const result: Run[][] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (run.transaction && last?.[0]?.transaction === true) last.push(run);
    else result.push([run]);
  }
  return result;
}

/** Commits synchronously: the batch before it did not. */
async function recordFailure(
  database: Database,
  failed: MigrationRun,
  error: ServerError,
): Promise<void> {
  const { message, sqlState, detail, hint, context } = error;
  await database.query("select public.record_migration_event($1, 'failed', $2, null, $3)", [
    failed.name,
    failed.checksum,
    { message, sqlState, detail, hint, context },
  ]);
}

/** Applies migrations that are not applied. */
export function applying(database: Database): Direction<ApplyRun> {
  return {
    code: "MIGRATION_FAILED",
    callTogether: async (runs) =>
      database.query("call public.apply_migrations($1, $2)", [
        runs.map(({ name, description, rollbackSql, irreversible, statements, checksum }) => ({
          version: name,
          description,
          rollback_sql: rollbackSql,
          irreversible,
          statements: statements.map(({ text }) => text),
          checksum,
        })),
        runSettings(),
      ]),
    recordOne: async ({ name, description, rollbackSql, checksum }) =>
      database.query("select public.apply_migration($1, $2, $3, null, $4)", [
        name,
        description,
        rollbackSql,
        checksum,
      ]),
  };
}

export interface ApplyRun extends MigrationRun {
  readonly description: string;
  readonly rollbackSql: string | null;
  /** Why it cannot be taken back; null where it can. */
  readonly irreversible: string | null;
}

/** Rolls applied migrations back, newest first. */
export function rollingBack(database: Database): Direction<MigrationRun> {
  return {
    code: "ROLLBACK_FAILED",
    callTogether: async (runs) =>
      database.query("call public.rollback_migrations($1, $2)", [
        runs.map(({ name }) => name),
        runSettings(),
      ]),
    recordOne: async ({ name }) => database.query("select public.record_rollback($1)", [name]),
  };
}
