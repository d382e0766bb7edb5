import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import type { EndedStep } from "../output/steps.ts";
import { applyDefinitions } from "./apply-definitions.ts";
import type { CheckedMigration } from "./check-migration.ts";
import { installEngine } from "./engine.ts";
import { recordEnvironment, recordsEnvironment, refuseUnexpected } from "./expectations.ts";
import { followRun } from "./follow-run.ts";
import { irreversibleReason, noteIrreversible } from "./irreversible.ts";
import { lockMigrations } from "./lock.ts";
import { readProject, type Project } from "./project.ts";
import type { MigrateResult } from "./results.ts";
import { applying, runMigrations, type ApplyRun } from "./run-migrations.ts";
import type { PendingOptions } from "./pending-migrations.ts";
import { readState, requireCreate, requirePrimary, type LedgerState } from "./state.ts";
import { checkWork, findWork, isSameWork, type CheckedWork, type Work } from "./pending-work.ts";

export interface MigrateInput extends PendingOptions {
  readonly dryRun: boolean;
}

/**
 * Applies all pending migrations and all changed files of functions/ and views/. Everything is read and checked before
 * the first statement runs. With `to`, functions and views are left for the run that applies the rest.
 */
export async function migrate(
  { config, output, withDatabase }: Context,
  { dryRun, ...options }: MigrateInput,
): Promise<MigrateResult> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    refuseUnexpected(before, config.expected, { mayBeNew: true });
    const expected = findWork(project, before, options);
    const checked = await checkWork(project, expected);
    if (dryRun) return plannedResult(project, before, { expected, checked });
    if (isDone(expected, before) && !recordsEnvironment(before, config.expected))
      return resultOf(project, before, { migrations: [], definitions: [], left: expected.left });
    if (before.engine === "absent") requireCreate(before.facts);
    const state = await lockMigrations({ database, output }, before);
    const work = findWork(project, state, options);
    const same = isSameWork(work, expected);
    refuseUnexpected(state, config.expected, { mayBeNew: true });
    if (state.engine !== "current") await installEngine(database);
    await recordEnvironment(database, state, config.expected);
    noteIrreversible(output, work.migrations);
    const ended = await run({ database, output }, same ? checked : await checkWork(project, work));
    return resultOf(project, state, { ...ended, left: work.left });
  });
}

function isDone({ migrations, outdated }: Work, { engine }: LedgerState): boolean {
  return migrations.length === 0 && outdated.size === 0 && engine === "current";
}

interface Ended {
  readonly migrations: readonly (EndedStep & Pick<ApplyRun, "description" | "irreversible">)[];
  readonly definitions: readonly EndedStep[];
}

async function run(
  to: Pick<Context, "output"> & { readonly database: Database },
  { migrations, definitions }: CheckedWork,
): Promise<Ended> {
  const words = { begin: "Applying", end: "Applied" };
  return followRun(to, words, async (followed) => {
    const runs = migrations.map(applyRun);
    await runMigrations(to.database, { runs, followed }, applying(to.database));
    const migrated = followed.ended.map((step, place) => ({
      ...step,
      description: runs[place]?.description ?? "",
      irreversible: runs[place]?.irreversible ?? null,
    }));
    if (definitions.length > 0) await applyDefinitions(to.database, definitions, followed);
    return { migrations: migrated, definitions: followed.ended.slice(migrated.length) };
  });
}

function applyRun(migration: CheckedMigration): ApplyRun {
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
    irreversible: irreversibleReason(migration),
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
    migrations: expected.migrations.map((migration) => ({
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
    pending: expected.left,
  };
}
