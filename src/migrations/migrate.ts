import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import type { EndedStep } from "../output/steps.ts";
import { applyDefinitions } from "./apply-definitions.ts";
import type { CheckedMigration } from "./check-migration.ts";
import { installEngine } from "./engine.ts";
import { followRun } from "./follow-run.ts";
import { lockMigrations } from "./lock.ts";
import { requirePermissions } from "./permissions.ts";
import { planMigrations } from "./preflight/plan.ts";
import { readProject, type Project } from "./project.ts";
import type { MigrateResult } from "./results.ts";
import { applying, runMigrations, type ApplyRun } from "./run-migrations.ts";
import { readState, requireCreate, requirePrimary, type LedgerState } from "./state.ts";
import { checkWork, findWork, isSameWork, type CheckedWork, type Work } from "./pending-work.ts";

export interface MigrateInput {
  /** The version to stop after; all when undefined. */
  readonly to: string | undefined;
  readonly dryRun: boolean;
}

/**
 * Applies all pending migrations and all changed files of functions/ and views/. Everything is read and checked before
 * the first statement runs. With `to`, functions and views are left for the run that applies the rest.
 */
export async function migrate(
  { config, output, withDatabase }: Context,
  { to, dryRun }: MigrateInput,
): Promise<MigrateResult> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    const expected = findWork(project, before, to);
    const checked = await checkWork(project, expected);
    if (dryRun) {
      const plan = await planMigrations(database, checked.migrations, before.facts);
      return plannedResult(project, before, { expected, checked, plan });
    }
    if (isDone(expected, before))
      return resultOf(project, before, { migrations: [], definitions: [], left: expected.left });
    if (before.engine === "absent") requireCreate(before.facts);
    await requirePermissions(database, checked, before);
    const state = await lockMigrations({ database, output }, before);
    const work = findWork(project, state, to);
    const same = isSameWork(work, expected);
    if (state.engine !== "current") await installEngine(database);
    const ended = await run({ database, output }, same ? checked : await checkWork(project, work));
    return resultOf(project, state, { ...ended, left: work.left });
  });
}

function isDone({ migrations, outdated }: Work, { engine }: LedgerState): boolean {
  return migrations.length === 0 && outdated.size === 0 && engine === "current";
}

interface Ended {
  readonly migrations: readonly (EndedStep & Pick<CheckedMigration, "description">)[];
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
      description: migrations[place]?.description ?? "",
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
    plan: null,
  };
}

function plannedResult(
  project: Project,
  state: LedgerState,
  {
    expected,
    checked,
    plan,
  }: Pick<MigrateResult, "plan"> & { readonly expected: Work; readonly checked: CheckedWork },
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
    plan,
  };
}
