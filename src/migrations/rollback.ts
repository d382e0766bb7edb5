import { CliError } from "../core/errors.ts";
import type { Context } from "../context.ts";
import { loadSqlParser } from "../core/sql-parser.ts";
import { installEngine } from "./engine.ts";
import { refuseUnexpected } from "./expectations.ts";
import { followRun } from "./follow-run.ts";
import { lockMigrations } from "./lock.ts";
import type { MigrationFile } from "./migration-file.ts";
import { unknownVersion } from "./plan.ts";
import { readProject, type Project } from "./project.ts";
import type { LedgerRow } from "./rows.ts";
import type { RollbackResult } from "./results.ts";
import { rollingBack, runMigrations, type MigrationRun } from "./run-migrations.ts";
import { readState, requirePrimary, type LedgerState } from "./state.ts";
import { runsInTransaction } from "./statement-rules.ts";

export interface RollbackInput {
  /** Either how many migrations to take back, newest first, or the version that is to be the newest afterwards. */
  readonly target: { readonly steps: number } | { readonly to: string };
  readonly dryRun: boolean;
}

/**
 * Takes applied migrations back, newest first, with the rollback SQL that the ledger recorded. Refuses before the
 * first one if any of them has none.
 */
export async function rollback(
  { config, output, withDatabase }: Context,
  { target, dryRun }: RollbackInput,
): Promise<RollbackResult> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    refuseUnexpected(before, config.expected, { mayBeNew: false });
    let rows = rowsToRollBack(before.migrations, target);
    refuseIrreversible(rows, project);
    if (dryRun || rows.length === 0) return resultOf(before, { rows, dryRun });
    const state = await lockMigrations({ database, output }, before);
    rows = rowsToRollBack(state.migrations, target);
    refuseIrreversible(rows, project);
    if (state.engine !== "current") await installEngine(database);
    await loadSqlParser();
    const runs = rows.map((row) => rollbackRun(row, project));
    const words = { begin: "Rolling back", end: "Rolled back" };
    const durations = await followRun({ database, output }, words, async (followed) => {
      await runMigrations(database, { runs, followed }, rollingBack(database));
      return new Map(followed.ended.map(({ name, duration }) => [name, duration]));
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

function fileOf({ version }: LedgerRow, { migrations }: Project): MigrationFile | undefined {
  return migrations.find((file) => file.version.name === version);
}

/** Errors are shown in the file as long as it still holds the text that the ledger recorded. */
function rollbackRun(row: LedgerRow, project: Project): MigrationRun {
  const sql = row.rollback_sql ?? "";
  const file = fileOf(row, project);
  const down =
    file !== undefined && "sql" in file.down && file.down.sql === sql ? file.down : undefined;
  return {
    name: row.version,
    sql,
    start: down?.start ?? 0,
    source: down && file?.source,
    transaction: runsInTransaction(sql),
    checksum: row.checksum,
    statements: [],
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
