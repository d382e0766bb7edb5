import { ServerError } from "../../db/server-error.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import type { ApplyRun } from "../run/directions.ts";
import type { Run } from "../run/run.ts";
import type { Execution } from "./results.ts";
import { trialFailure } from "./trial-failure.ts";
import type { Watch } from "./watch-relations.ts";

/** A trial in hand. */
export interface Trial {
  readonly run: Run;
  readonly watch: Watch;
}

type Statements = Execution["statements"];

interface TriedStatements {
  readonly statements: Statements;
  /** Files of functions/ and views/ whose objects made way. */
  readonly dropped: readonly string[];
}

/**
 * Runs the statements of a migration one by one. Where an object of functions/ or views/ stands in their way, does what
 * the function run_statements does: drops it and runs all of them again; its lock counts to the statement that failed.
 */
export async function runStatements(
  trial: Trial,
  migration: CheckedMigration,
  sent: ApplyRun,
): Promise<TriedStatements> {
  const { run, watch } = trial;
  await run.database.query("savepoint doramaflix_db_migration");
  const first = await attempt(trial, migration);
  if (!("error" in first)) return { statements: first.ended, dropped: [] };
  const dropped = await makeWay(run, migration, first.error);
  if (dropped.length === 0) throw failureOf(run, sent, first);
  const { locks } = await watch();
  const second = await attempt(trial, migration);
  if ("error" in second) throw failureOf(run, sent, second);
  second.ended[first.ended.length]?.locks.push(...locks);
  return { statements: second.ended, dropped };
}

interface Attempt {
  readonly ended: Statements;
}

interface FailedAttempt extends Attempt {
  /** What the first statement that has not ended met. */
  readonly error: unknown;
}

async function attempt(
  { run, watch }: Trial,
  { version, statements }: CheckedMigration,
): Promise<Attempt | FailedAttempt> {
  const ended: Statements = [];
  for (const { text } of statements) {
    const began = performance.now();
    try {
      await run.database.query(text);
    } catch (error) {
      return { ended, error };
    }
    const duration = Math.round(performance.now() - began);
    ended.push({ version: version.name, number: ended.length + 1, duration, ...(await watch()) });
  }
  return { ended };
}

/**
 * SQLSTATEs dependent_objects_still_exist, feature_not_supported, invalid_function_definition, invalid_table_definition,
 * wrong_object_type, duplicate_table and duplicate_function.
 */
const inTheWay = new Set(["2BP01", "0A000", "42P13", "42P16", "42809", "42P07", "42723"]);

/** Returns the files whose objects it has dropped; none where the error has another reason. */
async function makeWay(
  { database }: Run,
  { up }: CheckedMigration,
  error: unknown,
): Promise<readonly string[]> {
  if (!(error instanceof ServerError) || !inTheWay.has(error.sqlState)) return [];
  await database.query("rollback to savepoint doramaflix_db_migration");
  const [row] = await database.query(
    "select pg_catalog.to_jsonb(public.drop_definitions(public.definitions_named_in($1))) as dropped",
    [up.sql],
  );
  return (row as { dropped: readonly string[] }).dropped;
}

function failureOf(run: Run, sent: ApplyRun, { ended, error }: FailedAttempt): unknown {
  const failed = sent.statements[ended.length];
  return trialFailure(run, error, {
    name: `Migration "${sent.name}"`,
    sent: { ...sent, failed },
  });
}
