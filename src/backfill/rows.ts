import { z } from "zod";

/** The rows of the queries in sql/queries/backfill/; a test compares them with what the server says. */
export const State = z.object({
  database: z.string(),
  standby: z.boolean(),
  name: z.string().nullable(),
  checksum: z.string().nullable(),
  relation: z.string().nullable(),
  key_column: z.string().nullable(),
  last_key: z.string().nullable(),
  done_to: z.string().nullable(),
  estimated_rows: z.number().nullable(),
  batches: z.number().nullable(),
  rows_walked: z.number().nullable(),
  rows_changed: z.number().nullable(),
  worked: z.number().nullable(),
  started_at: z.date().nullable(),
  worked_at: z.date().nullable(),
  finished_at: z.date().nullable(),
});
export type State = z.infer<typeof State>;

export const ListRow = z.object({
  database: z.string(),
  name: z.string(),
  relation: z.string(),
  key_column: z.string(),
  last_key: z.string().nullable(),
  done_to: z.string().nullable(),
  estimated_rows: z.number(),
  batches: z.number(),
  rows_walked: z.number(),
  rows_changed: z.number(),
  worked: z.number(),
  started_at: z.date(),
  worked_at: z.date(),
  finished_at: z.date().nullable(),
  running: z.boolean(),
});
export type ListRow = z.infer<typeof ListRow>;

export const Target = z.object({
  key_column: z.string(),
  key_type: z.string(),
  index: z.string(),
  last_key: z.string().nullable(),
  rows_left: z.number(),
});
export type Target = z.infer<typeof Target>;

export const Bounds = z.object({
  batch_from: z.string().nullable(),
  batch_to: z.string().nullable(),
  rows: z.number(),
});
export type Bounds = z.infer<typeof Bounds>;

export const Lock = z.object({
  locked: z.boolean(),
  process_id: z.number().nullable(),
  user: z.string().nullable(),
  application_name: z.string().nullable(),
  since: z.date().nullable(),
});
export type Lock = z.infer<typeof Lock>;

export const Pressure = z.object({
  /** Milliseconds. */
  lag: z.number(),
  hidden: z.number(),
  waiting: z.number(),
  dead_rows: z.number(),
  live_rows: z.number(),
});
export type Pressure = z.infer<typeof Pressure>;
