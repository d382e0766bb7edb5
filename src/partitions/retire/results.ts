import { z } from "zod";
import { Failure } from "../../output/results.ts";
import { Moment } from "../results.ts";

const Export = z.object({
  file: z.string().describe("path"),
  rows: z.number(),
  checksum: z.string().describe("of the CSV before it was compressed"),
});
export type Export = z.infer<typeof Export>;

/** What `partitions retire` prints with --json. */
export const RetireResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  /** Of each table, in the order in which it is done: what an interrupted run left, detaching, dropping. */
  partitions: z.array(
    z.object({
      parent: z.string(),
      partition: z.string(),
      from: Moment.nullable().describe("null for MINVALUE"),
      to: Moment.nullable(),
      /**
       * finalize, record and withdraw complete what an interrupted run left; detach; drop; wait and keep are detached
       * ones that may be dropped later or not at all.
       */
      action: z.enum(["finalize", "record", "withdraw", "detach", "drop", "wait", "keep"]),
      method: z.enum(["concurrently", "plain"]).nullable().describe("how it is detached"),
      reason: z.string(),
      /** Not asked: a drop without --drop. */
      state: z.enum(["planned", "done", "failed", "not asked"]),
      size: z.number().nullable().describe("bytes, with indexes"),
      rows: z.number().nullable().describe("as of the last VACUUM or ANALYZE"),
      duration: z.number().nullable().describe("milliseconds; null for what was not done"),
      export: Export.nullable(),
      failure: Failure.nullable(),
    }),
  ),
  /** Tables of which nothing could be planned. */
  failed: z.array(Failure.extend({ parent: z.string() })),
});
export type RetireResult = z.infer<typeof RetireResult>;
export type RetiredPartition = RetireResult["partitions"][number];
