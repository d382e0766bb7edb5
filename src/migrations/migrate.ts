import { CliError } from "../core/errors.ts";
import { loadSqlParser } from "../core/sql-parser.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { checkMigration } from "./check-migration.ts";
import { parseDefinitionFile, type DefinitionFile } from "./definition-file.ts";
import { orderDefinitions } from "./definition-order.ts";
import { cutStatements } from "./cut-statements.ts";
import { compareDefinitions } from "./definition-state.ts";
import { installEngine } from "./engine.ts";
import { followRun, type EndedStep } from "./follow-run.ts";
import { lockMigrations } from "./lock.ts";
import type { MigrationFile } from "./migration-file.ts";
import { compareWithLedger, pendingMigrations } from "./plan.ts";
import { readProject, type Project } from "./project.ts";
import type { MigrateResult } from "./results.ts";
import { applying, runMigrations, type ApplyRun } from "./run-migrations.ts";
import { sqlFailure } from "./sql-failure.ts";
import { readState, requireCreate, requirePrimary, type LedgerState } from "./state.ts";

export interface MigrateInput {
  /** The version to stop after; all when undefined. */
  readonly to: string | undefined;
  readonly dryRun: boolean;
}

/** What a run will do. */
interface Plan {
  readonly migrations: readonly MigrationFile[];
  /** In the order in which they are applied; all of them, because a migration may drop any. */
  readonly definitions: readonly DefinitionFile[];
  /** Paths of the definitions that are not current now. */
  readonly outdated: ReadonlySet<string>;
}

/**
 * Applies all pending migrations and all changed files of functions/ and views/. Everything is read and checked before
 * the first statement runs. With `to`, functions and views are left for the run that applies the rest.
 */
export async function migrate(
  { config, output, withDatabase }: Context,
  { to, dryRun }: MigrateInput,
): Promise<MigrateResult> {
  const reading = readProject(config.project);
  // Awaited below; the connection may fail first.
  reading.catch(() => {});
  return withDatabase(async (database) => {
    const before = await readState(database);
    const project = await reading;
    requirePrimary(before.facts);
    let plan = await planRun(project, before, to);
    if (dryRun || isDone(plan, before)) return resultOf({ project, plan, state: before, dryRun });
    if (before.engine === "absent") requireCreate(before.facts);
    const state = await lockMigrations(
      database,
      async () => readState(database, before),
      () => {
        output.note("Another run is at work in this database; waiting for it to end.");
      },
    );
    plan = await planRun(project, state, to);
    if (state.engine !== "current") await installEngine(database);
    const ended = await runPlan({ database, output }, plan);
    return resultOf({ project, plan, state, dryRun }, ended);
  });
}

async function planRun(
  project: Project,
  state: LedgerState,
  to: string | undefined,
): Promise<Plan> {
  const compared = compareWithLedger(project.migrations, state.migrations);
  const migrations = pendingMigrations(compared, to);
  const complete = compared.filter((each) => each.state === "pending").length === migrations.length;
  const changed = compareDefinitions(project, state.definitions).filter(
    (each) => each.state !== "current" && each.state !== "file missing",
  );
  const outdated = new Set(complete ? changed.map(({ path }) => path) : []);
  if (migrations.length === 0 && outdated.size === 0)
    return { migrations, definitions: [], outdated };
  await loadSqlParser();
  migrations.forEach(checkMigration);
  const definitions = orderDefinitions([
    ...project.functions.map((source) => parseDefinitionFile(source, "function")),
    ...project.views.map((source) => parseDefinitionFile(source, "view")),
  ]);
  return { migrations, definitions: complete ? definitions : [], outdated };
}

function isDone({ migrations, outdated }: Plan, { engine }: LedgerState): boolean {
  return migrations.length === 0 && outdated.size === 0 && engine === "current";
}

interface Ended {
  readonly migrations: readonly EndedStep[];
  readonly definitions: readonly EndedStep[];
}

async function runPlan(
  to: Pick<Context, "output"> & { readonly database: Database },
  { migrations, definitions }: Plan,
): Promise<Ended> {
  const words = { begin: "Applying", end: "Applied", fail: "Failed:" };
  return followRun(to, words, async (followed) => {
    await runMigrations(
      to.database,
      { runs: migrations.map(applyRun), followed },
      applying(to.database),
    );
    const migrated = [...followed.ended];
    if (definitions.length > 0) {
      await applyDefinitions(to.database, definitions, () => followed.current);
    }
    return { migrations: migrated, definitions: followed.ended.slice(migrated.length) };
  });
}

function applyRun({ version, source, description, up, down }: MigrationFile): ApplyRun {
  return {
    name: version.name,
    description,
    sql: up.sql,
    statements: up.transaction ? cutStatements(up.sql) : [],
    start: up.start,
    source,
    transaction: up.transaction,
    rollbackSql: "sql" in down ? down.sql : null,
    checksum: source.checksum,
  };
}

/** The engine decides which of them have changed, since a migration may have dropped some. */
async function applyDefinitions(
  database: Database,
  files: readonly DefinitionFile[],
  current: () => string | undefined,
): Promise<void> {
  const definitions = files.map(({ source, kind, name, refersTo }) => ({
    path: source.path,
    kind,
    name,
    refers_to: refersTo,
    checksum: source.checksum,
    definition: source.text,
  }));
  try {
    await database.query("select * from public.apply_definitions($1)", [definitions]);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const failed = files.find(({ source }) => source.path === current());
    throw sqlFailure(
      error,
      failed && {
        name: failed.source.path,
        sql: failed.source.text,
        start: 0,
        source: failed.source,
      },
      {
        code: "DEFINITION_FAILED",
        message: `"${current() ?? "A file of functions/ or views/"}" could not be applied.`,
        hint: "All functions and views are as they were; migrations that were applied before stay applied.",
      },
    );
  }
}

interface RunFacts {
  readonly project: Project;
  readonly plan: Plan;
  readonly state: LedgerState;
  readonly dryRun: boolean;
}

function resultOf({ project, plan, state, dryRun }: RunFacts, ended?: Ended): MigrateResult {
  const durations = new Map(ended?.migrations.map(({ name, duration }) => [name, duration]));
  const planned = plan.definitions.filter(({ source }) => plan.outdated.has(source.path));
  return {
    database: state.facts.database,
    dryRun,
    migrations: plan.migrations.map(({ version, description }) => ({
      version: version.name,
      description,
      duration: durations.get(version.name) ?? null,
    })),
    definitions:
      ended?.definitions.map(({ name, duration }) => ({ path: name, duration })) ??
      planned.map(({ source }) => ({ path: source.path, duration: null })),
    total: {
      migrations: dryRun
        ? state.migrations.length
        : state.migrations.length + plan.migrations.length,
      definitions: project.functions.length + project.views.length,
    },
  };
}
