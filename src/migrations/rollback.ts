import { CliError } from "../core/errors.ts";
import type { Context } from "../context.ts";
import { loadSqlParser } from "../core/sql-parser.ts";
import { sourceOf } from "../db/sql-failure.ts";
import { requirePrimary } from "../db/primary.ts";
import { rollingBack } from "./run/directions.ts";
import { installEngineInRun } from "./ledger/engine.ts";
import { refuseUnexpected } from "./ledger/expectations.ts";
import { fillPart, type Variables } from "../project/fill-variables.ts";
import { lockMigrations } from "./run/lock.ts";
import type { MigrationFile, MigrationPart } from "../project/migration-file.ts";
import { unknownVersion } from "./ledger/plan.ts";
import { readProject, type Project } from "../project/project.ts";
import type { JournalRow, LedgerRow } from "./rows.ts";
import type { RollbackResult } from "./results.ts";
import { runMigrations, type MigrationRun } from "./run/run-migrations.ts";
import type { RunOptions } from "./run/run-options.ts";
import { withRun } from "./run/run.ts";
import { readState, type LedgerState } from "./ledger/state.ts";
import { runsInTransaction } from "../project/statement-rules.ts";

export interface RollbackInput {
  /** Either how many migrations to take back, newest first, or the version that is to be the newest afterwards. */
  readonly target: { readonly steps: number } | { readonly to: string };
  readonly dryRun: boolean;
  readonly options: RunOptions;
}

/**
 * Takes applied migrations back, newest first, with the rollback SQL that the ledger recorded. Refuses before the
 * first one if any of them has none.
 */
export async function rollback(
  { config, output, signal, withDatabase }: Context,
  { target, dryRun, options }: RollbackInput,
): Promise<RollbackResult> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    refuseUnexpected(before, config.expected, { mayBeNew: false });
    let rows = rowsToRollBack(before.migrations, target);
    refuseIrreversible(rows, project);
    if (dryRun || rows.length === 0) return resultOf(before, { rows, dryRun });
    const state = await lockMigrations({ database, output }, before, options.wait);
    rows = rowsToRollBack(state.migrations, target);
    refuseIrreversible(rows, project);
    refuseHalfWay(state.journal);
    await loadSqlParser();
    const runs = rows.map((row) =>
      rollbackRun(row, { project, variables: config.variables, journal: state.journal }),
    );
    const words = { begin: "Rolling back", end: "Rolled back" };
    const { variables } = config;
    const source = { database, output, signal, options, variables, ...state };
    const durations = await withRun(source, words, async (run) => {
      if (state.engine !== "current") await installEngineInRun(run);
      await runMigrations(run, runs, rollingBack(run));
      return new Map(run.followed.ended.map(({ name, duration }) => [name, duration]));
    });
    return resultOf(state, { rows, dryRun, durations });
  });
}

/** Returns the rows to take back, newest first. */
function rowsToRollBack(rows: readonly LedgerRow[], target: RollbackInput["target"]): LedgerRow[] {
  const newestFirst = rows.toReversed();
  if ("steps" in target) return newestFirst.slice(0, target.steps);
  const place = newestFirst.findIndex(({ version }) => version === target.to);
  if (place === -1) throw unknownVersion(target.to, rows);
  return newestFirst.slice(0, place);
}

function refuseIrreversible(rows: readonly LedgerRow[], project: Project): void {
  const row = rows.find(({ rollback_sql: sql }) => (sql ?? "").trim() === "");
  if (row === undefined) return;
  const file = fileOf(row, project);
  throw new CliError("MIGRATION_IRREVERSIBLE", {
    message: `Migration "${row.version}" cannot be rolled back.`,
    detail:
      file !== undefined && "irreversible" in file.down
        ? `Its file says why: ${file.down.irreversible}`
        : row.irreversible === null
          ? "The ledger has no rollback SQL for it."
          : `The ledger says why: ${row.irreversible}`,
    hint: "Nothing was changed. Write a new migration that undoes its effect, or roll back fewer.",
  });
}

/** What a half-way migration has done is in no row that could be taken back. */
function refuseHalfWay(journal: readonly JournalRow[]): void {
  const halfWay = journal.find(({ direction }) => direction === "up");
  if (halfWay === undefined) return;
  throw new CliError("MIGRATION_INTERRUPTED", {
    message: `Migration "${halfWay.version}" is half-way; nothing can be rolled back now.`,
    hint: 'Complete it with "doramaflix-db migrate", and then roll it back.',
  });
}

function fileOf({ version }: LedgerRow, { migrations }: Project): MigrationFile | undefined {
  return migrations.find((file) => file.version.name === version);
}

interface RollbackSource {
  readonly project: Project;
  readonly variables: Variables;
  readonly journal: readonly JournalRow[];
}

/** Returns the down part of the file that still holds the text that the ledger recorded. */
function partOf(
  { rollback_sql: sql }: LedgerRow,
  file: MigrationFile | undefined,
): MigrationPart | undefined {
  return file !== undefined && "sql" in file.down && file.down.sql === sql ? file.down : undefined;
}

function rollbackRun(
  row: LedgerRow,
  { project, journal, variables }: RollbackSource,
): MigrationRun {
  const text = row.rollback_sql ?? "";
  const file = fileOf(row, project);
  const down = partOf(row, file);
  const begun = journal.filter(({ version }) => version === row.version);
  const sent = {
    name: row.version,
    sql: text,
    start: down?.start ?? 0,
    source: down && file?.source,
  };
  const filled = fillPart(sent, sourceOf(sent), variables);
  return {
    ...filled,
    // The ledger does not hold whether the file, which may be gone, asks for transaction:false.
    transaction: begun.length === 0 && (down?.transaction ?? runsInTransaction(filled.sql)),
    checksum: row.checksum,
    statements: [],
    journal: begun,
  };
}

interface Outcome {
  readonly rows: readonly LedgerRow[];
  readonly dryRun: boolean;
  readonly durations?: ReadonlyMap<string, number>;
}

function resultOf(
  { facts, migrations }: LedgerState,
  { rows, dryRun, durations }: Outcome,
): RollbackResult {
  return {
    database: facts.database,
    dryRun,
    migrations: rows.map(({ version }) => ({ version, duration: durations?.get(version) ?? null })),
    newest: migrations.at(-1 - rows.length)?.version ?? null,
  };
}
