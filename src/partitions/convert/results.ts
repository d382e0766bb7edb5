import { z } from "zod";

/** A statement of a conversion. */
const Statement = z.object({
  /** Those of "cut-over" are one transaction, and so are those of "undo"; the others are one each. */
  phase: z.enum(["preparation", "cut-over", "ahead", "undo online", "undo"]),
  sql: z.string(),
  /** Those that it takes beyond the locks of the statements before it in the same transaction. */
  locks: z.array(z.object({ mode: z.string(), tables: z.array(z.string()) })),
  /** True where it reads the whole table, while readers and writers go on. */
  readsTable: z.boolean(),
});

/** What `partitions convert` prints with --json. */
export const ConvertResult = z.object({
  database: z.string(),
  /** Schema and name, quoted where needed. */
  table: z.string(),
  step: z.enum(["plan", "prepare", "cut-over", "undo"]),
  /** After the step. "partitioned": in another way than by this command. */
  state: z.enum(["plain", "begun", "prepared", "converted", "partitioned"]),
  column: z.string().nullable(),
  granularity: z.string().nullable(),
  /** Rows from there on go into new partitions. */
  cut: z.iso.datetime().nullable(),
  /** The table that holds the rows of before: itself, or the partition that it has become. */
  original: z.string(),
  /** As the last ANALYZE estimated; null before the first. */
  rows: z.number().nullable(),
  bytes: z.number(),
  /** Why it cannot be converted, or with --undo why that cannot be undone, and what helps. */
  problems: z.array(z.object({ problem: z.string(), cure: z.string().nullable() })),
  /** Of a plan: those that are to run. Otherwise: those that this run has run. */
  statements: z.array(Statement),
  /** How long others had to wait for the cut-over or the undoing at most, the commit included; milliseconds. */
  lockedFor: z.number().nullable(),
  /** Rows that undoing has to move, counted before it does; null where there are none to be moved in any case. */
  newerRows: z.number().nullable(),
});
export type ConvertResult = z.infer<typeof ConvertResult>;
