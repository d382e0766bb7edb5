import { definitionEntry } from "../run/apply-definitions.ts";
import { applying, applyRun } from "../run/directions.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import type { DefinitionFile } from "../../project/definition-file.ts";
import { installEngineInTransaction } from "../ledger/engine.ts";
import type { CheckedWork } from "../ledger/pending-work.ts";
import { withRun, type Run, type RunSource } from "../run/run.ts";
import type { LedgerState } from "../ledger/state.ts";
import type { Effects, Execution } from "./results.ts";
import { runStatements, type Trial } from "./run-statements.ts";
import { trialFailure } from "./trial-failure.ts";
import { watchRelations } from "./watch-relations.ts";

/**
 * Executes what is pending as a run does, but all in one transaction, which is rolled back, and tells what each statement
 * did; durations in milliseconds. Stops before the first migration that runs without a transaction. The caller holds the
 * migration lock. All locks are held until the end. Throws MIGRATION_FAILED, DEFINITION_FAILED or LOCK_TIMEOUT.
 */
export async function tryWork(
  source: RunSource & Pick<LedgerState, "engine">,
  work: CheckedWork,
): Promise<Execution> {
  const { database, engine } = source;
  return withRun(source, { begin: "Trying", end: "Tried" }, async (run) => {
    await database.query("begin");
    try {
      return await tryInTransaction(run, work, engine);
    } finally {
      // Where this fails the session has ended, and the transaction with it.
      await database.query("rollback").catch(() => {});
    }
  });
}

async function tryInTransaction(
  run: Run,
  { migrations, definitions }: CheckedWork,
  engine: LedgerState["engine"],
): Promise<Execution> {
  const { database, options } = run;
  const watch = await watchRelations(database);
  if (engine !== "current") await installEngineInTransaction(database, options.lockTimeout);
  await clearSession(run);
  const trial = { run, watch };
  const end = migrations.findIndex(({ up }) => !up.transaction);
  const within = end === -1 ? migrations : migrations.slice(0, end);
  const statements: Execution["statements"] = [];
  for (const migration of within) statements.push(...(await tryMigration(trial, migration)));
  return {
    statements,
    definitions:
      end === -1 && definitions.length > 0 ? await tryDefinitions(trial, definitions) : null,
    notExecuted: migrations.slice(within.length).map(({ version }) => version.name),
  };
}

/** Runs the statements of a migration, its part of the ledger, and what its commit would check. */
async function tryMigration(
  trial: Trial,
  migration: CheckedMigration,
): Promise<Execution["statements"]> {
  const { run, watch } = trial;
  const { database } = run;
  const sent = applyRun(migration, []);
  try {
    await database.query("select public.begin_migration($1)", [sent.name]);
    // What the migration before it did besides its statements.
    await watch();
    const { statements, dropped } = await runStatements(trial, migration, sent);
    await database.query("reset session authorization; reset role");
    await database.query(
      "select public.restore_definitions(array(select pg_catalog.jsonb_array_elements_text($1)))",
      [dropped],
    );
    await applying(run).recordOne(sent);
    await checkConstraints(run);
    await clearSession(run);
    await database.query(endedNotice(sent.name));
    return statements;
  } catch (error) {
    throw trialFailure(run, error, { name: `Migration "${sent.name}"`, sent });
  }
}

/**
 * Checks what the end of a transaction checks. Afterwards each constraint that can be deferred is: whether it was at
 * first can be put back for none that a later migration creates.
 */
async function checkConstraints({ database }: Run): Promise<void> {
  await database.query("set constraints all immediate; set constraints all deferred");
}

async function tryDefinitions(
  { run, watch }: Trial,
  files: readonly DefinitionFile[],
): Promise<Effects> {
  const { database, followed } = run;
  await watch();
  const began = performance.now();
  try {
    await database.query("select * from public.apply_definitions($1)", [
      files.map(definitionEntry),
    ]);
    const duration = Math.round(performance.now() - began);
    const effects = await watch();
    await checkConstraints(run);
    return { duration, ...effects };
  } catch (error) {
    const source = files.find((file) => file.source.path === followed.current)?.source;
    throw trialFailure(run, error, {
      name: source === undefined ? "A file of functions/ or views/" : `"${source.path}"`,
      sent: source && { name: source.path, sql: source.text, start: 0, source },
      code: "DEFINITION_FAILED",
    });
  }
}

/**
 * Puts the session back as far as that is possible within a transaction, SET LOCAL included. The function clear_session
 * would try for ever to release the advisory locks that only the end of the transaction takes away.
 */
async function clearSession({ database, settings }: Run): Promise<void> {
  await database.query(
    "reset session authorization; reset role; reset all; discard temp; deallocate all; unlisten *; close all",
  );
  await database.query("select public.set_session($1)", [settings]);
}

/** The name of a migration holds letters, digits and underscores only. */
function endedNotice(name: string): string {
  return `do $$ begin raise notice 'Tried.' using errcode = 'DF101', detail = '${name}'; end $$`;
}
