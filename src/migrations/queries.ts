import { sqlFile } from "../db/sql-file.ts";
import type {
  DefinitionRow,
  HistoryTable,
  InstalledEngine,
  LedgerRow,
  Lock,
  LockHolder,
  ServerFacts,
} from "./rows.ts";

export const serverFacts = sqlFile<ServerFacts>("migrations/server-facts.sql");
export const installedEngine = sqlFile<InstalledEngine>("migrations/engine.sql");
export const ledger = sqlFile<LedgerRow>("migrations/ledger.sql");
export const olderLedger = sqlFile<LedgerRow>("migrations/older-ledger.sql");
export const definitions = sqlFile<DefinitionRow>("migrations/definitions.sql");
export const tryLock = sqlFile<Lock>("migrations/try-lock.sql");
export const lockHolder = sqlFile<LockHolder>("migrations/lock-holder.sql");
export const historyTables = sqlFile<HistoryTable>("migrations/history-tables.sql");
