import { z } from "zod";
import { Explanation } from "./explain/results.ts";

export const sorts = ["total", "mean", "calls", "rows", "io", "temp", "wal", "planning"] as const;

export const formats = ["table", "json", "markdown", "html"] as const;

/** What the reader must know to read the figures rightly, or to have more of them. */
const Note = z.object({
  name: z.enum([
    "not_preloaded",
    "not_created",
    "no_right",
    "nothing_counted",
    "old_extension",
    "hidden_statements",
    "hidden_sessions",
    "no_activity",
    "evictions",
    "reset",
    "restart",
    "vanished",
    "track_planning",
    "track_io_timing",
    "not_counted",
    "compared_by_text",
  ]),
  message: z.string(),
  /** The statements or the command that change it. */
  cure: z.string().nullable(),
});
export type Note = z.infer<typeof Note>;

const RunningSession = z.object({
  processId: z.number(),
  /** Null for what is no client, and for what is hidden. */
  user: z.string().nullable(),
  database: z.string().nullable(),
  application: z.string().nullable(),
  /** As pg_stat_activity has it; null where it is hidden. */
  state: z.string().nullable(),
  /** Milliseconds: how long its statement has run, or, while it is idle, how long its transaction has been open. */
  age: z.number().nullable(),
  transactionAge: z.number().nullable(),
  waitEventType: z.string().nullable(),
  waitEvent: z.string().nullable(),
  /** The processes whose locks it waits for; 0 is a prepared transaction. */
  blockedBy: z.array(z.number()),
  /** Its statement, or, while it is idle, the one before. */
  query: z.string().nullable(),
});
export type RunningSession = z.infer<typeof RunningSession>;

/** Figures are null where the extension's version does not count them. Times are in milliseconds. */
const Figures = z.object({
  calls: z.number(),
  execTime: z.number(),
  /** Of the execution time of all statements that were not called by a function; from 0 to 1. */
  share: z.number(),
  mean: z.number(),
  standardDeviation: z.number().nullable(),
  /** Null between two readings, where it is not known. */
  max: z.number().nullable(),
  rows: z.number(),
  rowsPerCall: z.number(),
  /** Of the blocks that were asked for, those that were in shared_buffers; null where there were none. */
  hitRatio: z.number().nullable(),
  /** Blocks of tables and indexes that were asked for and not in shared_buffers. */
  blocksRead: z.number().nullable(),
  blocksHit: z.number().nullable(),
  /** Reading and writing of blocks. */
  ioTime: z.number().nullable(),
  tempBytes: z.number().nullable(),
  walBytes: z.number().nullable(),
  walFullPages: z.number().nullable(),
  plans: z.number().nullable(),
  planTime: z.number().nullable(),
  jitTime: z.number().nullable(),
});
export type Figures = z.infer<typeof Figures>;

const Advice = z.object({
  name: z.enum([
    "cached_poorly",
    "many_blocks_per_row",
    "spills",
    "varies",
    "many_rows",
    "many_calls",
    "planning",
    "jit",
    "full_page_images",
  ]),
  message: z.string(),
});
export type Advice = z.infer<typeof Advice>;

const StatementReport = Figures.extend({
  queryId: z.string(),
  /** Null where the role or the database has been dropped. */
  user: z.string().nullable(),
  database: z.string().nullable(),
  /** False where a function ran it. */
  isTopLevel: z.boolean(),
  /** When its entry was made; null where the extension does not say. */
  since: z.string().nullable(),
  /** Null where the text is not known any more. */
  query: z.string().nullable(),
  /** What its figures point to. */
  advice: z.array(Advice),
  /** Null without --explain. */
  explanation: Explanation.nullable(),
});
export type StatementReport = z.infer<typeof StatementReport>;

const Sum = z.object({ statements: z.number(), calls: z.number(), execTime: z.number() });
export type Sum = z.infer<typeof Sum>;

const WindowReport = z.object({
  from: z.string().nullable(),
  to: z.string(),
  /** Since when: that the statistics were reset, the begin of a sample, or a stored snapshot. */
  source: z.enum(["reset", "sample", "snapshot"]),
  /** The snapshot from which on the figures count; `wantedAt` is the time that was asked for, if it was a time. */
  snapshot: z
    .object({ id: z.number(), takenAt: z.string(), wantedAt: z.string().nullable() })
    .nullable(),
  /** The user ended the sample early. */
  wasInterrupted: z.boolean(),
  entries: z.number(),
  maxEntries: z.number().nullable(),
  evictions: z.number().nullable(),
});
export type WindowReport = z.infer<typeof WindowReport>;

const StatementsReport = WindowReport.extend({
  sort: z.enum(sorts),
  /** All that was executed, hidden statements and those below with it; without what functions ran. */
  total: Sum,
  /** Those of `total` that only control a session or a transaction. */
  utility: Sum,
  /** Those of `total` that this tool sent. */
  own: Sum,
  hidden: Sum,
  statements: z.array(StatementReport),
});
export type StatementsReport = z.infer<typeof StatementsReport>;

/** What was counted between a stored snapshot and the next one. */
const Interval = z.object({
  from: z.string(),
  to: z.string(),
  calls: z.number(),
  execTime: z.number(),
  mean: z.number(),
  /** In between, the statistics were reset: what ran before that is missing. */
  wasReset: z.boolean(),
});
export type Interval = z.infer<typeof Interval>;

const Pace = z.object({ calls: z.number(), execTime: z.number(), mean: z.number() });
export type Pace = z.infer<typeof Pace>;

const ChangedStatement = z.object({
  /** New is what did not run in the earlier window, gone what ran in that alone. */
  change: z.enum(["new", "gone", "slower", "faster"]),
  /** As it is now, or, of one that is gone, as it was. */
  queryId: z.string(),
  user: z.string().nullable(),
  database: z.string().nullable(),
  isTopLevel: z.boolean(),
  query: z.string().nullable(),
  before: Pace.nullable(),
  after: Pace.nullable(),
  /** The mean now by the mean then; null for what is new or gone. */
  factor: z.number().nullable(),
  /** What the change costs in the window of now, in milliseconds; what it saves is negative. */
  addedTime: z.number(),
});
export type ChangedStatement = z.infer<typeof ChangedStatement>;

/** What differs from an earlier window of the same length. */
const Comparison = z.object({
  window: WindowReport,
  /** All that was executed in the earlier window. */
  total: Sum,
  /** What costs most more comes first, what saves most last. */
  statements: z.array(ChangedStatement),
});
export type Comparison = z.infer<typeof Comparison>;

const Target = z.object({
  database: z.string(),
  user: z.string(),
  serverVersion: z.string(),
  /** Host and port as the server sees them; null for a Unix socket. */
  address: z.string().nullable(),
  isStandby: z.boolean(),
  takenAt: z.string(),
});

export const SlowQueriesResult = Target.extend({
  /** The oldest first. */
  running: z.array(RunningSession),
  /** Null where pg_stat_statements cannot be read; the notes say why. */
  statements: StatementsReport.nullable(),
  /** With --compare; otherwise null. */
  comparison: Comparison.nullable(),
  /** With --since: what was counted from snapshot to snapshot since then; otherwise empty. The oldest first. */
  timeline: z.array(Interval),
  notes: z.array(Note),
});
export type SlowQueriesResult = z.infer<typeof SlowQueriesResult>;

/** One statement whole, for --query. */
export const SlowQueryResult = Target.extend({
  queryId: z.string(),
  query: z.string().nullable(),
  window: WindowReport,
  /** The sum of all entries. */
  figures: Figures,
  /** One for each role, database and level; the worst first. */
  entries: z.array(StatementReport.omit({ query: true, advice: true, explanation: true })),
  advice: z.array(Advice),
  /** What was counted of it from stored snapshot to stored snapshot, the oldest first; empty where there are none. */
  history: z.array(Interval),
  /** Null without --explain. */
  explanation: Explanation.nullable(),
  notes: z.array(Note),
});
export type SlowQueryResult = z.infer<typeof SlowQueryResult>;

export const SnapshotResult = z.object({
  database: z.string(),
  snapshotId: z.number(),
  takenAt: z.string(),
  /** What the server had figures of, hidden statements included. */
  statements: z.number(),
  hiddenStatements: z.number(),
  /** Those that have run since the snapshot before. */
  changedStatements: z.number(),
  newTexts: z.number(),
  deletedSnapshots: z.number(),
  storedSnapshots: z.number(),
  oldest: z.string(),
  /** Of all that is stored, with indexes. */
  bytes: z.number(),
  notes: z.array(Note),
});
export type SnapshotResult = z.infer<typeof SnapshotResult>;
