import type { Context } from "../context.ts";
import type { EndedStep } from "../output/steps.ts";
import { requirePrimary } from "../db/primary.ts";
import { applyDefinitions } from "./run/apply-definitions.ts";
import { applying, applyRun, type ApplyRun } from "./run/directions.ts";
import { installEngineInRun } from "./ledger/engine.ts";
import { recordEnvironment, recordsEnvironment, refuseUnexpected } from "./ledger/expectations.ts";
import { irreversibleReason, noteIrreversible } from "./ledger/irreversible.ts";
import { lockMigrations } from "./run/lock.ts";
import { migrationScript } from "./migration-script.ts";
import type { PendingOptions } from "./ledger/pending-migrations.ts";
import { requirePermissions } from "./permissions.ts";
import { planMigrations } from "./preflight/plan.ts";
import { readProject, type Project } from "../project/project.ts";
import type { MigrateResult, MigrationScript } from "./results.ts";
import type { JournalRow } from "./rows.ts";
import { runMigrations } from "./run/run-migrations.ts";
import type { RunOptions } from "./run/run-options.ts";
import { withRun, type Run } from "./run/run.ts";
import { readState, requireCreate, type LedgerState } from "./ledger/state.ts";
import { tryWork } from "./trial/try-work.ts";
import {
  checkWork,
  findWork,
  isSameWork,
  type CheckedWork,
  type Work,
} from "./ledger/pending-work.ts";

export interface MigrateInput extends PendingOptions {
  readonly dryRun: boolean;
  /** Lets a dry run execute what is pending, and roll it back. */
  readonly execute?: boolean | undefined;
  readonly options: RunOptions;
  /** The files, where the caller has read them. */
  readonly project?: Project;
}

/**
 * Applies all pending migrations and all changed files of functions/ and views/. Everything is read and checked before
 * the first statement runs. With `to`, functions and views are left for the run that applies the rest. Ends with creating
 * the partitions that are missing, which the migrations may have asked for.
 */
export async function migrate(
  {
    config,
    output,
    signal,
    withDatabase,
    createPartitions,
  }: Pick<Context, "config" | "output" | "signal" | "withDatabase" | "createPartitions">,
  {
    dryRun,
    execute = false,
    options,
    project = readProject(config.project),
    ...wanted
  }: MigrateInput,
): Promise<MigrateResult> {
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    refuseUnexpected(before, config.expected, { mayBeNew: true });
    const expected = findWork(project, before, wanted);
    const checked = await checkWork(project, expected, config.variables);
    if (dryRun && (!execute || isNothing(expected))) {
      const plan = await planMigrations(database, checked.migrations, before.facts);
      return plannedResult(project, before, { work: expected, checked, plan, execution: null });
    }
    if (isDone(expected, before) && !recordsEnvironment(before, config.expected)) {
      const partitions = await createPartitions(database);
      const left = expected.left;
      return resultOf(project, before, { migrations: [], definitions: [], left, partitions });
    }
    if (before.engine === "absent") requireCreate(before.facts);
    await requirePermissions(database, checked, before);
    const state = await lockMigrations({ database, output }, before, options.wait);
    const work = findWork(project, state, wanted);
    const ready = isSameWork(work, expected)
      ? checked
      : await checkWork(project, work, config.variables);
    refuseUnexpected(state, config.expected, { mayBeNew: true });
    const { variables } = config;
    const source = { database, output, signal, options, variables, ...state };
    if (dryRun) {
      const plan = await planMigrations(database, ready.migrations, state.facts);
      const execution = await tryWork(source, ready);
      return plannedResult(project, state, { work, checked: ready, plan, execution });
    }
    const words = { begin: "Applying", end: "Applied" };
    const ended = await withRun(source, words, async (run) => {
      if (state.engine !== "current") await installEngineInRun(run);
      await recordEnvironment(database, state, config.expected);
      noteIrreversible(output, work.migrations);
      return runWork(run, ready, state.journal);
    });
    const partitions = await createPartitions(database);
    return resultOf(project, state, { ...ended, left: work.left, partitions });
  });
}

/** Writes what `migrate` would do as a script for psql; changes nothing. */
export async function scriptMigrations(
  { config, withDatabase }: Pick<Context, "config" | "withDatabase">,
  { options, ...wanted }: Omit<MigrateInput, "dryRun" | "execute" | "project">,
): Promise<MigrationScript> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const state = await readState(database);
    refuseUnexpected(state, config.expected, { mayBeNew: true });
    const work = await checkWork(project, findWork(project, state, wanted), config.variables);
    const sql = migrationScript(work, state, options.lockTimeout);
    return { database: state.facts.database, sql };
  });
}

function isNothing({ migrations, outdated }: Work): boolean {
  return migrations.length === 0 && outdated.size === 0;
}

function isDone(work: Work, { engine }: LedgerState): boolean {
  return isNothing(work) && engine === "current";
}

interface Ended {
  readonly migrations: readonly (EndedStep & Pick<ApplyRun, "description" | "irreversible">)[];
  readonly definitions: readonly EndedStep[];
}

async function runWork(
  run: Run,
  { migrations, definitions }: CheckedWork,
  journal: readonly JournalRow[],
): Promise<Ended> {
  const { ended } = run.followed;
  const runs = migrations.map((migration) => applyRun(migration, journal));
  await runMigrations(run, runs, applying(run));
  const migrated = ended.map((step, place) => ({
    ...step,
    description: runs[place]?.description ?? "",
    irreversible: runs[place]?.irreversible ?? null,
  }));
  if (definitions.length > 0) await applyDefinitions(run, definitions);
  // An attempt that did not get its locks has undone what ended in it.
  const definitionByName = new Map(ended.slice(migrated.length).map((step) => [step.name, step]));
  return { migrations: migrated, definitions: [...definitionByName.values()] };
}

function resultOf(
  project: Project,
  state: LedgerState,
  ended: Ended & Pick<Work, "left"> & Pick<MigrateResult, "partitions">,
): MigrateResult {
  return {
    database: state.facts.database,
    dryRun: false,
    migrations: ended.migrations.map(({ name, description, irreversible, duration }) => ({
      version: name,
      description,
      irreversible,
      duration,
    })),
    definitions: ended.definitions.map(({ name, duration }) => ({ path: name, duration })),
    total: {
      migrations: state.migrations.length + ended.migrations.length,
      definitions: project.functions.length + project.views.length,
    },
    pending: ended.left,
    partitions: ended.partitions,
    plan: null,
    execution: null,
  };
}

function plannedResult(
  project: Project,
  state: LedgerState,
  {
    work,
    checked,
    plan,
    execution,
  }: Pick<MigrateResult, "plan" | "execution"> & {
    readonly work: Work;
    readonly checked: CheckedWork;
  },
): MigrateResult {
  const outdated = checked.definitions.filter(({ source }) => work.outdated.has(source.path));
  return {
    database: state.facts.database,
    dryRun: true,
    migrations: work.migrations.map((migration) => ({
      version: migration.version.name,
      description: migration.description,
      irreversible: irreversibleReason(migration),
      duration: null,
    })),
    definitions: outdated.map(({ source }) => ({ path: source.path, duration: null })),
    total: {
      migrations: state.migrations.length,
      definitions: project.functions.length + project.views.length,
    },
    pending: work.left,
    partitions: { created: [], failed: [] },
    plan,
    execution,
  };
}
