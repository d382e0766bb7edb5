import type { CheckedMigration } from "../../project/check-migration.ts";
import { irreversibleReason } from "../ledger/irreversible.ts";
import type { JournalRow } from "../rows.ts";
import type { Direction, MigrationRun } from "./run-migrations.ts";
import type { Run } from "./run.ts";

/** A migration to apply, with what the ledger is to hold of it. */
export interface ApplyRun extends MigrationRun {
  readonly description: string;
  readonly rollbackSql: string | null;
  /** Why there is no rollback SQL. */
  readonly irreversible: string | null;
}

/** Says how a migration is applied; `journal` may hold the rows of others too. */
export function applyRun(migration: CheckedMigration, journal: readonly JournalRow[]): ApplyRun {
  const { version, source, description, up, down, statements } = migration;
  return {
    name: version.name,
    description,
    sql: up.sql,
    statements,
    start: up.start,
    recorded: up.recorded,
    originalIndex: up.originalIndex,
    source,
    transaction: up.transaction,
    rollbackSql: "sql" in down ? (down.recorded ?? down.sql) : null,
    irreversible: irreversibleReason(migration),
    journal: journal.filter((row) => row.version === version.name),
    checksum: source.checksum,
  };
}

/** Applies migrations that are not applied. */
export function applying({
  database,
  settings,
}: Pick<Run, "database" | "settings">): Direction<ApplyRun> {
  return {
    name: "up",
    callTogether: async (runs) =>
      database.query("call public.apply_migrations($1, $2)", [
        runs.map(({ name, description, rollbackSql, irreversible, ...run }) => ({
          version: name,
          description,
          rollback_sql: rollbackSql,
          irreversible,
          up_sql: run.recorded,
          statements: run.statements.map(({ text }) => text),
          checksum: run.checksum,
        })),
        settings,
      ]),
    recordOne: async ({ name, description, rollbackSql, irreversible, checksum, ...run }) =>
      database.query("select public.apply_migration($1, $2, $3, $4, $5, '{}', $6)", [
        name,
        description,
        rollbackSql,
        run.recorded ?? run.sql,
        checksum,
        irreversible,
      ]),
  };
}

/** Rolls applied migrations back, newest first. */
export function rollingBack({
  database,
  settings,
}: Pick<Run, "database" | "settings">): Direction<MigrationRun> {
  return {
    name: "down",
    callTogether: async (runs) =>
      database.query("call public.rollback_migrations($1, $2)", [
        // With values in the place of placeholders, if there are any.
        runs.map(({ name, sql, recorded }) => ({
          version: name,
          ...(recorded !== undefined && { statements: sql }),
        })),
        settings,
      ]),
    recordOne: async ({ name }) => database.query("select public.record_rollback($1)", [name]),
  };
}
