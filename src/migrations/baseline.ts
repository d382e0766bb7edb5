import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { requirePrimary } from "../db/primary.ts";
import { count } from "../output/units.ts";
import { installEngine } from "./ledger/engine.ts";
import { recordEnvironment, refuseUnexpected } from "./ledger/expectations.ts";
import { irreversibleReason } from "./ledger/irreversible.ts";
import { lockMigrations, type LockedState } from "./run/lock.ts";
import type { MigrationFile } from "../project/migration-file.ts";
import { refuseDisagreements } from "./ledger/pending-migrations.ts";
import { compareWithLedger, unknownVersion } from "./ledger/plan.ts";
import { readProject, type Project } from "../project/project.ts";
import type { BaselineResult } from "./results.ts";
import { defaultRunOptions } from "./run/run-options.ts";
import { runSettings } from "./run/run-settings.ts";
import { readState, requireCreate, type LedgerState } from "./ledger/state.ts";

export interface BaselineInput {
  /** The newest migration that the database has. */
  readonly version: string;
  readonly dryRun: boolean;
  /** Do not ask. */
  readonly yes: boolean;
}

/**
 * Records all migrations up to and with `version` as applied without running them, in one transaction and under the
 * migration lock. Rows that exist stay.
 */
export async function baseline(
  { config, output, withDatabase }: Context,
  { version, dryRun, yes }: BaselineInput,
): Promise<BaselineResult> {
  const project = readProject(config.project);
  return withDatabase(async (database) => {
    const before = await readState(database);
    requirePrimary(before.facts);
    refuseUnexpected(before, config.expected, { mayBeNew: true });
    const name = before.facts.database;
    const planned = migrationsToRecord(project, before, version);
    const result = { database: name, dryRun, version, migrations: planned.map(describe) };
    if (dryRun || planned.length === 0) return result;
    if (before.engine === "absent") requireCreate(before.facts);
    await output.confirm(
      `Record ${count(planned.length, "migration")} as applied in database "${name}" without running them?`,
      { yes },
    );
    const state = await lockMigrations({ database, output }, before);
    const migrations = migrationsToRecord(project, state, version);
    if (state.engine !== "current") await installEngine(database);
    await recordEnvironment(database, state, config.expected);
    await record(database, state, migrations);
    return { ...result, migrations: migrations.map(describe) };
  });
}

/** Returns the files up to `version` that have no row, in order; throws where a newer one is applied. */
function migrationsToRecord(
  project: Project,
  { migrations: rows }: LedgerState,
  version: string,
): MigrationFile[] {
  const compared = compareWithLedger(project.migrations, rows);
  const place = compared.findIndex((each) => each.version === version && each.file !== undefined);
  if (place === -1) throw unknownVersion(version, project.migrations.map(describe));
  const upTo = compared.slice(0, place + 1);
  refuseDisagreements(upTo, ["renamed", "gap before"]);
  const files = upTo.flatMap(({ file, row }) => (row === undefined && file ? [file] : []));
  const newer = compared.slice(place + 1).findLast(({ row }) => row !== undefined);
  if (files.length > 0 && newer !== undefined) throw newerApplied(version, newer.version);
  return files;
}

function newerApplied(version: string, newer: string): CliError {
  return new CliError("MIGRATION_OUT_OF_ORDER", {
    message: `Migration "${newer}" is applied, and it is newer than "${version}".`,
    hint: `Name the newest one that the database has: doramaflix-db baseline ${newer}`,
  });
}

function describe({ version, description }: MigrationFile): BaselineResult["migrations"][number] {
  return { version: version.name, description };
}

async function record(
  database: Database,
  state: LockedState,
  migrations: readonly MigrationFile[],
): Promise<void> {
  const settings = runSettings({ options: defaultRunOptions, ...state });
  await database.query("select public.set_session($1)", [settings]);
  await database.query(
    `select public.record_baseline(version, description, rollback_sql, up_sql, checksum, irreversible => irreversible)
     from pg_catalog.jsonb_to_recordset($1)
       m (version text, description text, rollback_sql text, up_sql text, checksum text, irreversible text)`,
    [
      migrations.map((migration) => ({
        version: migration.version.name,
        description: migration.description,
        rollback_sql: "sql" in migration.down ? migration.down.sql : null,
        irreversible: irreversibleReason(migration),
        up_sql: migration.up.sql,
        checksum: migration.source.checksum,
      })),
    ],
  );
}
