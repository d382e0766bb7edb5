import { sqlFile } from "../db/sql-file.ts";
import type {
  CatalogRow,
  DefinitionRow,
  InstalledEngine,
  LedgerRow,
  Lock,
  LockHolder,
  ServerFacts,
  TableFacts,
} from "./rows.ts";

export const catalog = sqlFile<CatalogRow>("migrations/catalog.sql");
export const serverFacts = sqlFile<ServerFacts>("migrations/server-facts.sql");
export const installedEngine = sqlFile<InstalledEngine>("migrations/engine.sql");
export const ledger = sqlFile<LedgerRow>("migrations/ledger.sql");
export const olderLedger = sqlFile<LedgerRow>("migrations/older-ledger.sql");
export const definitions = sqlFile<DefinitionRow>("migrations/definitions.sql");
export const tryLock = sqlFile<Lock>("migrations/try-lock.sql");
export const lockHolder = sqlFile<LockHolder>("migrations/lock-holder.sql");
export const tableFacts = sqlFile<TableFacts>("migrations/table-facts.sql");
