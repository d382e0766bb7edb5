import { z } from "zod";

/**
 * The rows of the queries in sql/queries/migrations/. Only types of this file are used at run time, since loading zod
 * takes a third of the start-up time of `status`; a test asks each supported server to describe each query, and
 * compares.
 */
export const ServerFacts = z.object({
  version_number: z.number(),
  version: z.string(),
  standby: z.boolean(),
  process_id: z.number(),
  database: z.string(),
  user: z.string(),
  has_engine: z.boolean(),
  has_ledger: z.boolean(),
  has_journal: z.boolean(),
  ledger_is_foreign: z.boolean(),
  can_create: z.boolean(),
  has_environment: z.boolean(),
  is_superuser: z.boolean(),
});
export type ServerFacts = z.infer<typeof ServerFacts>;

export const InstalledEngine = z.object({ hash: z.string() });
export type InstalledEngine = z.infer<typeof InstalledEngine>;

export const LedgerRow = z.object({
  version: z.string(),
  description: z.string().nullable(),
  applied_at: z.date().nullable(),
  duration_ms: z.number().nullable(),
  applied_by: z.string().nullable(),
  checksum: z.string().nullable(),
  rollback_sql: z.string().nullable(),
  irreversible: z.string().nullable(),
});
export type LedgerRow = z.infer<typeof LedgerRow>;

export const EnvironmentRow = z.object({
  name: z.string(),
  same_cluster: z.boolean().nullable(),
  recorded_at: z.date(),
  recorded_by: z.string(),
});
export type EnvironmentRow = z.infer<typeof EnvironmentRow>;

export const RecordedStatements = z.object({ version: z.string(), up_sql: z.string().nullable() });
export type RecordedStatements = z.infer<typeof RecordedStatements>;

export const DefinitionRow = z.object({
  path: z.string(),
  checksum: z.string(),
  applied_at: z.date(),
  present: z.boolean(),
});
export type DefinitionRow = z.infer<typeof DefinitionRow>;

export const Lock = z.object({
  locked: z.boolean(),
  client_connection_check_interval: z.string().nullable(),
  limits_off: z.number(),
});
export type Lock = z.infer<typeof Lock>;

export const LockHolder = z.object({
  pid: z.number(),
  user: z.string().nullable(),
  client_address: z.string().nullable(),
  application_name: z.string(),
  /** Null, like the address, where the role may not see it. */
  connected_since: z.date().nullable(),
});
export type LockHolder = z.infer<typeof LockHolder>;

export const JournalRow = z.object({
  version: z.string(),
  direction: z.string(),
  place: z.number(),
  statement: z.string(),
  checksum: z.string(),
  done_before: z.boolean(),
  ended: z.boolean(),
});
export type JournalRow = z.infer<typeof JournalRow>;

/** Times in milliseconds. */
export const Blocker = z.object({
  process_id: z.number(),
  user: z.string().nullable(),
  application_name: z.string().nullable(),
  transaction_age: z.number().nullable(),
  state: z.string().nullable(),
  query: z.string().nullable(),
  queued: z.number(),
});
export type Blocker = z.infer<typeof Blocker>;

export const IndexProgress = z.object({
  phase: z.string(),
  index: z.string(),
  fraction: z.number().nullable(),
  waits_for: z.number().nullable(),
});
export type IndexProgress = z.infer<typeof IndexProgress>;
export const DatabaseName = z.object({ name: z.string() });
export type DatabaseName = z.infer<typeof DatabaseName>;
export const HistoryTable = z.object({
  tool: z.string(),
  schema: z.string(),
  name: z.string(),
  /** Schema and name, quoted where they need it. */
  identifier: z.string(),
});
export type HistoryTable = z.infer<typeof HistoryTable>;
export const TableFacts = z.object({
  oid: z.number(),
  size: z.number().nullable(),
  rows: z.number().nullable(),
  sessions: z.array(
    z.object({
      pid: z.number().nullable(),
      /** As in pg_locks: "AccessExclusiveLock". */
      mode: z.string(),
      granted: z.boolean(),
      user: z.string().nullable(),
      application: z.string().nullable(),
      prepared: z.string().nullable(),
      state: z.string().nullable(),
      /** Of its transaction, in milliseconds. */
      age: z.number().nullable(),
      query: z.string().nullable(),
    }),
  ),
});
export type TableFacts = z.infer<typeof TableFacts>;
