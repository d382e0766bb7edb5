import { z } from "zod";
import { sqlFile } from "../db/sql-file.ts";

export const ServerFacts = z.object({
  version_number: z.number(),
  version: z.string(),
  standby: z.boolean(),
  database: z.string(),
  user: z.string(),
  has_engine: z.boolean(),
  has_ledger: z.boolean(),
  ledger_is_foreign: z.boolean(),
  can_create: z.boolean(),
});
export type ServerFacts = z.infer<typeof ServerFacts>;

const LedgerRow = z.object({
  version: z.string(),
  description: z.string().nullable(),
  applied_at: z.date().nullable(),
  duration_ms: z.number().nullable(),
  applied_by: z.string().nullable(),
  checksum: z.string().nullable(),
  rollback_sql: z.string().nullable(),
});
export type LedgerRow = z.infer<typeof LedgerRow>;

const DefinitionRow = z.object({
  path: z.string(),
  checksum: z.string(),
  applied_at: z.date(),
  present: z.boolean(),
});
export type DefinitionRow = z.infer<typeof DefinitionRow>;

const LockHolder = z.object({
  pid: z.number(),
  user: z.string().nullable(),
  client_address: z.string().nullable(),
  application_name: z.string(),
  connected_since: z.date(),
});
export type LockHolder = z.infer<typeof LockHolder>;

export const serverFacts = sqlFile("migrations/server-facts.sql", ServerFacts);
export const installedEngine = sqlFile("migrations/engine.sql", z.object({ hash: z.string() }));
export const ledger = sqlFile("migrations/ledger.sql", LedgerRow);
export const olderLedger = sqlFile("migrations/older-ledger.sql", LedgerRow);
export const definitions = sqlFile("migrations/definitions.sql", DefinitionRow);
export const tryLock = sqlFile("migrations/try-lock.sql", z.object({ locked: z.boolean() }));
export const lockHolder = sqlFile("migrations/lock-holder.sql", LockHolder);
