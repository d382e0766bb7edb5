import { z } from "zod";

/** The rows of the queries in sql/queries/doctor/; a test compares them with what the server says. */
export const Server = z.object({
  version: z.string(),
  version_number: z.number(),
  is_standby: z.boolean(),
  database: z.string(),
  user: z.string(),
  process_id: z.number(),
  /** The server's own, as it sees the connection; empty for a Unix socket. */
  address: z.string(),
  clock: z.date(),
  encoding: z.string(),
  locale: z.string(),
  collation_version: z.string().nullable(),
  actual_collation_version: z.string().nullable(),
  reads_all_statistics: z.boolean(),
  can_create: z.boolean(),
  is_encrypted: z.boolean(),
  connections: z.number(),
  statements_version: z.string().nullable(),
  statements_default_version: z.string().nullable(),
  has_engine: z.boolean(),
  /** Its tables belong to who has installed it, and nobody else may read them unless they are granted. */
  reads_engine: z.boolean(),
});
export type Server = z.infer<typeof Server>;

export const Setting = z.object({
  name: z.string(),
  value: z.string(),
  /** In bytes or milliseconds where it has a unit; null where it is no number. */
  number: z.number().nullable(),
  source: z.string(),
  context: z.string(),
  pending_restart: z.boolean(),
});
export type Setting = z.infer<typeof Setting>;

export const Engine = z.object({
  hash: z.string(),
  tool_version: z.string().nullable(),
  installed_at: z.date(),
});
export type Engine = z.infer<typeof Engine>;
