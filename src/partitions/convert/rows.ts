import { z } from "zod";

/** What stands in the way of something, and what helps; null where nothing does. */
const Problems = z.array(z.object({ problem: z.string(), cure: z.string().nullable() }));

export const Conversion = z.object({
  database: z.string(),
  table: z.string(),
  state: z.string(),
  original: z.string(),
  column_name: z.string().nullable(),
  encoding: z.string().nullable(),
  cut: z.date().nullable(),
  rows: z.number().nullable(),
  bytes: z.number(),
  problems: Problems,
  undo_problems: Problems,
});
export type Conversion = z.infer<typeof Conversion>;

export const Cut = z.object({ cut: z.date(), next: z.date(), earliest: z.date().nullable() });
export type Cut = z.infer<typeof Cut>;

export const ConversionStatement = z.object({
  statement: z.string(),
  lock_mode: z.string().nullable(),
  locked: z.array(z.string()),
  reads_table: z.boolean(),
});
export type ConversionStatement = z.infer<typeof ConversionStatement>;

export const UndoStatement = z.object({
  statement: z.string(),
  lock_mode: z.string().nullable(),
  locked: z.array(z.string()),
  is_online: z.boolean(),
});
export type UndoStatement = z.infer<typeof UndoStatement>;

export const NewerRows = z.object({ rows: z.number() });
export type NewerRows = z.infer<typeof NewerRows>;

export const ConversionLock = z.object({
  locked: z.boolean(),
  client_connection_check_interval: z.string().nullable(),
  limits_off: z.number(),
});
export type ConversionLock = z.infer<typeof ConversionLock>;

export const AheadStatement = z.object({
  statement: z.string(),
  table: z.string(),
  referenced: z.array(z.string()),
});
export type AheadStatement = z.infer<typeof AheadStatement>;
