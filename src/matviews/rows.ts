import { z } from "zod";

/** The rows of the queries in sql/queries/matviews/; a test compares them with what the server says. */
export const ServerState = z.object({
  database: z.string(),
  is_standby: z.boolean(),
  server_version: z.number(),
  user: z.string(),
  connection_limit: z.number(),
  records_all: z.boolean(),
});
export type ServerState = z.infer<typeof ServerState>;

export const ViewRow = z.object({
  oid: z.number(),
  /** Schema and name, quoted where needed. */
  view: z.string(),
  /** Without schema and quotes. */
  name: z.string(),
  level: z.number(),
  needs: z.array(z.string()),
  is_populated: z.boolean(),
  is_stale: z.boolean(),
});
export type ViewRow = z.infer<typeof ViewRow>;

export const Decision = z.object({
  mode: z.string().nullable(),
  reason: z.string(),
  since: z.date().nullable(),
  changes_with: z.array(z.string()),
  /** Milliseconds. */
  due_in: z.number().nullable(),
  process_id: z.number().nullable(),
});
export type Decision = z.infer<typeof Decision>;

export const Ways = z.object({
  swap_obstacles: z.array(z.string()),
  concurrent_index: z.string().nullable(),
});
export type Ways = z.infer<typeof Ways>;

export const CandidateKey = z.object({
  view: z.string(),
  columns: z.string(),
  index_statement: z.string(),
  duplicates_query: z.string(),
});
export type CandidateKey = z.infer<typeof CandidateKey>;

export const UniqueIndex = z.object({
  index: z.string(),
  columns: z.string(),
  query: z.string(),
});
export type UniqueIndex = z.infer<typeof UniqueIndex>;

export const PolicyWithoutView = z.object({ schema_name: z.string(), view_name: z.string() });
export type PolicyWithoutView = z.infer<typeof PolicyWithoutView>;

export const StatusRow = z.object({
  view: z.string(),
  level: z.number(),
  needs: z.array(z.string()),
  is_populated: z.boolean(),
  /** The process of another session that is at it. */
  refreshed_now_by: z.number().nullable(),
  /** Milliseconds, as all ages and durations here. */
  every: z.number().nullable(),
  prefer: z.string().nullable(),
  age: z.number().nullable(),
  refreshed_at: z.date().nullable(),
  refreshed_by: z.string().nullable(),
  mode: z.string().nullable(),
  reason: z.string().nullable(),
  duration: z.number().nullable(),
  usual_duration: z.number().nullable(),
  usual_number: z.number(),
  failures: z.number(),
  last_error: z.string().nullable(),
  base_state: z.string(),
  base_changes: z.number().nullable(),
  changed_bases: z.array(z.string()),
  replaced_bases: z.array(z.string()),
  changes_with: z.array(z.string()),
  rows: z.number().nullable(),
  size: z.number(),
  bloat: z.number().nullable(),
  concurrent_index: z.string().nullable(),
  swap_obstacles: z.array(z.string()),
});
export type StatusRow = z.infer<typeof StatusRow>;
