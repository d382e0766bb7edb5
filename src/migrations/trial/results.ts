import { z } from "zod";
import { lockModes } from "../../statements/lock-modes.ts";

/** What a step of a trial did to relations that were there before the trial. */
const Effects = z.object({
  duration: z.number().describe("milliseconds"),
  /** The strongest lock on each that the step took, where no step before it held one as strong. */
  locks: z.array(
    z.object({
      relation: z.string(),
      kind: z.enum([
        "table",
        "partitioned table",
        "foreign table",
        "view",
        "materialized view",
        "sequence",
        "index",
      ]),
      mode: z.enum(lockModes),
      /** Whether others have to wait for it with what they write; a view is locked only for a moment. */
      holdsUpWrites: z.boolean(),
    }),
  ),
  /** Tables and materialized views that got a new file: rewritten, or emptied by TRUNCATE. */
  rewritten: z.array(z.string()),
});
export type Effects = z.infer<typeof Effects>;

/** What pending migrations did when they were executed and rolled back. */
export const Execution = z.object({
  statements: z.array(
    z.object({
      version: z.string(),
      /** Its place among the statements of the migration, from 1. */
      number: z.number(),
      ...Effects.shape,
    }),
  ),
  /** All files of functions/ and views/ together; null when none was executed. */
  definitions: Effects.nullable(),
  /** The first migration that runs without a transaction, and all behind it; functions and views wait for them too. */
  notExecuted: z.array(z.string()),
});
export type Execution = z.infer<typeof Execution>;
