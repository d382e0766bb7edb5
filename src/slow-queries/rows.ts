import { z } from "zod";

/** The rows of the queries in sql/queries/slow-queries/; a test compares them with what the server says. */
export const Server = z.object({
  version: z.string(),
  database: z.string(),
  user: z.string(),
  is_standby: z.boolean(),
  /** Empty for a Unix socket. */
  address: z.string(),
  port: z.number(),
  started_at: z.date(),
  block_size: z.number(),
  can_identify: z.boolean(),
  reads_all_statistics: z.boolean(),
  extension_version: z.string().nullable(),
  available_version: z.string().nullable(),
  extension_schema: z.string().nullable(),
  can_execute: z.boolean(),
  columns: z.array(z.string()).nullable(),
  has_info: z.boolean(),
  /** The engine's tables for snapshots are there, and the role may read them. */
  reads_snapshots: z.boolean(),
  settings: z.record(z.string(), z.string()),
});
export type Server = z.infer<typeof Server>;

export const Session = z.object({
  process_id: z.number(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string().nullable(),
  state: z.string().nullable(),
  query_age: z.number().nullable(),
  transaction_age: z.number().nullable(),
  wait_event_type: z.string().nullable(),
  wait_event: z.string().nullable(),
  blocked_by: z.array(z.number()),
  query: z.string().nullable(),
});
export type Session = z.infer<typeof Session>;

export const TakenSnapshot = z.object({
  snapshot_id: z.number(),
  taken_at: z.date(),
  statements: z.number(),
  changed: z.number(),
  new_texts: z.number(),
  deleted: z.number(),
});
export type TakenSnapshot = z.infer<typeof TakenSnapshot>;

export const StoredSnapshots = z.object({
  stored: z.number(),
  oldest: z.date().nullable(),
  newest: z.date().nullable(),
  snapshot_id: z.number().nullable(),
  hidden_statements: z.number(),
  bytes: z.number(),
});
export type StoredSnapshots = z.infer<typeof StoredSnapshots>;

export const IntervalRow = z.object({
  from: z.date(),
  to: z.date(),
  calls: z.number(),
  exec_time: z.number(),
  was_reset: z.boolean(),
});
export type IntervalRow = z.infer<typeof IntervalRow>;
