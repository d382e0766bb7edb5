import type { Context } from "../context.ts";
import type { EndedStep } from "../output/steps.ts";
import { applyDefinitions } from "./apply-definitions.ts";
import type { CheckedMigration } from "./check-migration.ts";
import { applying, type ApplyRun } from "./directions.ts";
import { installEngineInRun } from "./engine.ts";
import { lockMigrations } from "./lock.ts";
import { readProject, type Project } from "./project.ts";
import { migrationScript } from "./migration-script.ts";
import type { MigrateResult, MigrationScript } from "./results.ts";
import type { JournalRow } from "./rows.ts";
import { runMigrations } from "./run-migrations.ts";
import type { RunOptions } from "./run-options.ts";
import { withRun, type Run } from "./run.ts";
import { readState, requireCreate, requirePrimary, type LedgerState } from "./state.ts";
import { checkWork, findWork, isSameWork, type CheckedWork, type Work } from "./pending-work.ts";

export interface MigrateInput {
  /** The version to stop after; all when undefined. */
  readonly to: string | undefined;
  readonly dryRun: boolean;
  readonly options: RunOptions;
  /** The files, where the caller has read them. */
  readonly project?: Project;
}

/**
 * Applies all pending migrations and all changed files of functions/ and views/. Everything is read and checked before
 * the first statement runs. With `to`, functions and views are left for the run that applies the rest.
 */
export async function migrate(
  { config, output, signal, withDatabase }: Context,
  { to, dryRun, options, project = readProject(config.project) }: MigrateInput,
): Promise<MigrateResult> {
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    const expected = findWork(project, before, to);
    const checked = await checkWork(project, expected);
    if (dryRun) return plannedResult(project, before, { expected, checked });
    if (isDone(expected, before))
      return resultOf(project, before, { migrations: [], definitions: [], left: expected.left });
    if (before.engine === "absent") requireCreate(before.facts);
    const state = await lockMigrations({ database, output }, before, options.wait);
    const work = findWork(project, state, to);
    const ready = isSameWork(work, expected) ? checked : await checkWork(project, work);
    const words = { begin: "Applying", end: "Applied" };
    const source = { database, output, signal, options, ...state };
    const ended = await withRun(source, words, async (run) => {
      if (state.engine !== "current") await installEngineInRun(run);
      return runWork(run, ready, state.journal);
    });
    return resultOf(project, state, { ...ended, left: work.left });
  });
}

/** Writes what `migrate` would do as a script for psql; changes nothing. */
export async function scriptMigrations(
  { config, withDatabase }: Pick<Context, "config" | "withDatabase">,
  { to, options }: Pick<MigrateInput, "to" | "options">,
): Promise<MigrationScript> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const state = await readState(database);
    const work = await checkWork(project, findWork(project, state, to));
    const sql = migrationScript(work, state, options.lockTimeout);
    return { database: state.facts.database, sql };
  });
}

function isDone({ migrations, outdated }: Work, { engine }: LedgerState): boolean {
  return migrations.length === 0 && outdated.size === 0 && engine === "current";
}

interface Ended {
  readonly migrations: readonly (EndedStep & Pick<CheckedMigration, "description">)[];
  readonly definitions: readonly EndedStep[];
}

async function runWork(
  run: Run,
  { migrations, definitions }: CheckedWork,
  journal: readonly JournalRow[],
): Promise<Ended> {
  const { ended } = run.followed;
  await runMigrations(
    run,
    migrations.map((migration) => applyRun(migration, journal)),
    applying(run),
  );
  const migrated = ended.map((step, place) => ({
    ...step,
    description: migrations[place]?.description ?? "",
  }));
  if (definitions.length > 0) await applyDefinitions(run, definitions);
  return { migrations: migrated, definitions: ended.slice(migrated.length) };
}

function applyRun(migration: CheckedMigration, journal: readonly JournalRow[]): ApplyRun {
  const { version, source, description, up, down, statements } = migration;
  return {
    name: version.name,
    description,
    sql: up.sql,
    statements,
    start: up.start,
    source,
    transaction: up.transaction,
    rollbackSql: "sql" in down ? down.sql : null,
    irreversible: "irreversible" in down ? down.irreversible : null,
    journal: journal.filter((row) => row.version === version.name),
    checksum: source.checksum,
  };
}

function resultOf(
  project: Project,
  state: LedgerState,
  ended: Ended & Pick<Work, "left">,
): MigrateResult {
  return {
    database: state.facts.database,
    dryRun: false,
    migrations: ended.migrations.map(({ name, description, duration }) => ({
      version: name,
      description,
      duration,
    })),
    definitions: ended.definitions.map(({ name, duration }) => ({ path: name, duration })),
    total: {
      migrations: state.migrations.length + ended.migrations.length,
      definitions: project.functions.length + project.views.length,
    },
    pending: ended.left,
  };
}

function plannedResult(
  project: Project,
  state: LedgerState,
  { expected, checked }: { readonly expected: Work; readonly checked: CheckedWork },
): MigrateResult {
  const outdated = checked.definitions.filter(({ source }) => expected.outdated.has(source.path));
  return {
    database: state.facts.database,
    dryRun: true,
    migrations: expected.migrations.map(({ version, description }) => ({
      version: version.name,
      description,
      duration: null,
    })),
    definitions: outdated.map(({ source }) => ({ path: source.path, duration: null })),
    total: {
      migrations: state.migrations.length,
      definitions: project.functions.length + project.views.length,
    },
    pending: expected.left,
  };
}
