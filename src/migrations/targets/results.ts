import { z } from "zod";
import { ErrorDocument } from "../../output/results.ts";

const milliseconds = z.number().describe("milliseconds");
const error = ErrorDocument.shape.error.optional();

/** What `migrate` prints with --targets and --json. */
export const MigrateTargetsResult = z.object({
  dryRun: z.boolean(),
  /** In the order in which they were begun; the first one is the canary. */
  targets: z.array(
    z.object({
      /** The database's name; with "at HOST:PORT" if it was given as an address. */
      target: z.string(),
      state: z.enum(["migrated", "would migrate", "nothing pending", "failed", "not run"]),
      /** Versions that this run applied or would apply; null where it failed, of which the error tells, or was not run. */
      migrations: z.array(z.string()).nullable(),
      /** The same for files of functions/ and views/. */
      definitions: z.array(z.string()).nullable(),
      /** From connecting to the end, waiting for a lock included; null where it was not run. */
      duration: milliseconds.nullable(),
      /** What `migrate` reports for this database alone. */
      error,
    }),
  ),
  totals: z.object({
    targets: z.number(),
    migrated: z.number(),
    wouldMigrate: z.number(),
    nothingPending: z.number(),
    failed: z.number(),
    notRun: z.number(),
    duration: milliseconds,
  }),
});
export type MigrateTargetsResult = z.infer<typeof MigrateTargetsResult>;

/** What `status` prints with --targets and --json. */
export const StatusTargetsResult = z.object({
  targets: z.array(
    z.object({
      target: z.string(),
      state: z.enum(["current", "pending", "disagrees", "failed", "not run"]),
      /** How many migrations are applied; this and the others are null where the state could not be read. */
      applied: z.number().nullable(),
      pending: z.object({ migrations: z.number(), definitions: z.number() }).nullable(),
      /** The newest applied migration; null where none is. */
      newest: z.string().nullable(),
      error,
    }),
  ),
  totals: z.object({
    targets: z.number(),
    current: z.number(),
    pending: z.number(),
    disagrees: z.number(),
    failed: z.number(),
    notRun: z.number(),
  }),
});
export type StatusTargetsResult = z.infer<typeof StatusTargetsResult>;
