import { sqlFile } from "../db/sql-file.ts";
import type {
  DefinitionRow,
  EnvironmentRow,
  InstalledEngine,
  LedgerRow,
  Lock,
  LockHolder,
  RecordedStatements,
  ServerFacts,
} from "./rows.ts";

export const serverFacts = sqlFile<ServerFacts>("migrations/server-facts.sql");
export const installedEngine = sqlFile<InstalledEngine>("migrations/engine.sql");
export const ledger = sqlFile<LedgerRow>("migrations/ledger.sql");
export const olderLedger = sqlFile<LedgerRow>("migrations/older-ledger.sql");
export const definitions = sqlFile<DefinitionRow>("migrations/definitions.sql");
export const environment = sqlFile<EnvironmentRow>("migrations/environment.sql");
export const tryLock = sqlFile<Lock>("migrations/try-lock.sql");
export const lockHolder = sqlFile<LockHolder>("migrations/lock-holder.sql");
export const recordedStatements = sqlFile<RecordedStatements>("migrations/recorded-statements.sql");
