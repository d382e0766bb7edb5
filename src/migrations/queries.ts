import { sqlFile } from "../db/sql-file.ts";
import type {
  Blocker,
  DatabaseName,
  DefinitionRow,
  EnvironmentRow,
  HistoryTable,
  IndexProgress,
  InstalledEngine,
  JournalRow,
  LedgerRow,
  Lock,
  LockHolder,
  RecordedStatements,
  ServerFacts,
  ServerProcess,
  TableFacts,
} from "./rows.ts";

export const serverFacts = sqlFile<ServerFacts>("migrations/server-facts.sql");
export const installedEngine = sqlFile<InstalledEngine>("migrations/engine.sql");
export const ledger = sqlFile<LedgerRow>("migrations/ledger.sql");
export const olderLedger = sqlFile<LedgerRow>("migrations/older-ledger.sql");
export const definitions = sqlFile<DefinitionRow>("migrations/definitions.sql");
export const environment = sqlFile<EnvironmentRow>("migrations/environment.sql");
export const tryLock = sqlFile<Lock>("migrations/try-lock.sql");
export const databases = sqlFile<DatabaseName>("migrations/databases.sql");
export const lockHolder = sqlFile<LockHolder>("migrations/lock-holder.sql");
export const serverProcess = sqlFile<ServerProcess>("migrations/server-process.sql");
export const journal = sqlFile<JournalRow>("migrations/journal.sql");
export const blockers = sqlFile<Blocker>("migrations/blockers.sql");
export const indexProgress = sqlFile<IndexProgress>("migrations/index-progress.sql");
export const historyTables = sqlFile<HistoryTable>("migrations/history-tables.sql");
export const recordedStatements = sqlFile<RecordedStatements>("migrations/recorded-statements.sql");
export const tableFacts = sqlFile<TableFacts>("migrations/table-facts.sql");
