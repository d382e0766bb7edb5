import { z } from "zod";

/** How far a backfill has come, in all its runs. */
const Progress = {
  name: z.string(),
  /** Schema and name, quoted where needed. */
  table: z.string(),
  key: z.string(),
  /** The greatest key when it began, where it ends; null where the table was empty. */
  lastKey: z.string().nullable(),
  /** The greatest key of the last batch; null before the first. */
  doneTo: z.string().nullable(),
  batches: z.number(),
  rowsWalked: z.number(),
  rowsChanged: z.number(),
  /** As the planner estimated them at the beginning. */
  estimatedRows: z.number(),
  /** How long all batches took, without the pauses; milliseconds. */
  worked: z.number(),
  finishedAt: z.iso.datetime().nullable(),
};

/** What `backfill FILE` prints with --json. */
export const BackfillResult = z.object({
  database: z.string(),
  ...Progress,
  /** "planned": a dry run, which has changed nothing. "unchanged": it was finished before. */
  state: z.enum(["planned", "finished", "unchanged"]),
  /** The index that gives the bounds of the batches. */
  index: z.string(),
  /** Of the next run: what the planner expects, and, after the first batches, what that takes in milliseconds. */
  left: z.object({ rows: z.number(), batches: z.number(), duration: z.number().nullable() }),
  /** Of a dry run: how the server would run the next batch. */
  plan: z.array(z.string()),
  /** Of this run. */
  run: z.object({
    batches: z.number(),
    rowsWalked: z.number(),
    rowsChanged: z.number(),
    duration: z.number().describe("milliseconds, with the pauses"),
    heldBack: z.number().describe("milliseconds of waiting for replication and for others' locks"),
    /** Batches in which another session had to wait for a row. */
    batchesInTheWay: z.number(),
  }),
  deadRows: z.number(),
  liveRows: z.number(),
});
export type BackfillResult = z.infer<typeof BackfillResult>;

/** What `backfill --status` prints with --json. */
export const BackfillList = z.object({
  database: z.string().nullable(),
  backfills: z.array(
    z.object({
      ...Progress,
      state: z.enum(["running", "stopped", "finished"]),
      startedAt: z.iso.datetime(),
      /** The end of the last batch. */
      workedAt: z.iso.datetime(),
    }),
  ),
});
export type BackfillList = z.infer<typeof BackfillList>;
