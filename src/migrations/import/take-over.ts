import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import { installEngineInTransaction } from "../ledger/engine.ts";
import { irreversibleReason } from "../ledger/irreversible.ts";
import type { HistoryTable } from "../rows.ts";
import type { LedgerState } from "../ledger/state.ts";
import type { ConvertedMigration } from "./convert.ts";
import { isInTheWay, nameAfterImport, readHistory, type Wanted } from "./history-table.ts";
import { matchHistory, type TakenOver } from "./match-history.ts";

/** Reads the history and says which of the migrations it has. */
export async function readTakenOver(
  database: Database,
  { wanted, table }: { readonly wanted: Wanted; readonly table: HistoryTable },
  migrations: readonly ConvertedMigration[],
): Promise<TakenOver[]> {
  const { tool } = wanted;
  const rows = await readHistory(database, tool, table);
  const applied = tool.history.applied(
    rows,
    migrations.map(({ foreign }) => foreign),
  );
  return matchHistory(tool, applied, migrations);
}

interface TakeOver {
  readonly wanted: Wanted;
  readonly table: HistoryTable;
  readonly state: LedgerState;
  readonly migrations: readonly ConvertedMigration[];
  /** Called when everything is known to fit, before the commit. */
  readonly writeFiles: () => void;
}

/**
 * Takes the history over in one transaction: keeps the other tool out of its table, reads it, moves it away if it has
 * the name of our ledger, installs the engine, and records each migration as applied when the other tool applied it.
 * The caller holds the migration lock. An error ends the session, and with it the transaction.
 */
export async function takeOver(
  database: Database,
  { wanted, table, state, migrations, writeFiles }: TakeOver,
): Promise<TakenOver[]> {
  await lockTable(database, table);
  const takenOver = await readTakenOver(database, { wanted, table }, migrations);
  writeFiles();
  if (isInTheWay(table)) await moveAway(database, nameAfterImport(wanted.name));
  if (state.engine !== "current") await installEngineInTransaction(database);
  await database.query(recordAll, [takenOver.map(ledgerEntry)]);
  await database.query("commit");
  return takenOver;
}

/** Waits five seconds for whoever uses the table: most often a run of the other tool. */
async function lockTable(database: Database, table: HistoryTable): Promise<void> {
  const mode = isInTheWay(table) ? "access exclusive" : "share";
  try {
    await database.query(
      "begin; set local search_path = pg_catalog, pg_temp; set local lock_timeout = '5s'",
    );
    await database.query(`lock table ${table.identifier} in ${mode} mode`);
  } catch (error) {
    if (!(error instanceof ServerError) || error.sqlState !== "55P03") throw error;
    throw new CliError("LOCKED", {
      message: `Another session uses the table "${table.schema}.${table.name}".`,
      detail: "Most likely a run of the other tool is at work. Nothing was written.",
      hint: "Wait for it to end and run the command again.",
      sqlState: error.sqlState,
      cause: error,
    });
  }
}

/** Its index too, whose name our ledger's would have. */
async function moveAway(database: Database, name: string): Promise<void> {
  await database.query(`alter table public.schema_migrations rename to ${name}`);
  await database.query(
    `alter index if exists public.schema_migrations_pkey rename to ${name}_pkey`,
  );
}

/** In the order of the list, which is that of the versions. */
const recordAll = `
  select public.record_baseline(
    m.version, m.description, m.rollback_sql, m.up_sql, m.checksum, coalesce(m.applied_at, clock_timestamp()),
    m.irreversible
  )
  from jsonb_to_recordset($1) m (
    version text, description text, rollback_sql text, up_sql text, checksum text, applied_at timestamptz, irreversible text
  )`;

function ledgerEntry({ migration: { file }, appliedAt }: TakenOver): object {
  const { version, source, description, up, down } = file;
  return {
    version: version.name,
    description,
    rollback_sql: "sql" in down ? down.sql : null,
    up_sql: up.sql,
    checksum: source.checksum,
    applied_at: appliedAt,
    irreversible: irreversibleReason(file),
  };
}
