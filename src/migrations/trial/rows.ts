import { z } from "zod";

/** The rows of the queries of a trial; like ../rows.ts only types at run time. */
export const TrialRelation = z.object({
  oid: z.number(),
  name: z.string(),
  /** pg_class.relkind */
  kind: z.string(),
  /** pg_class.relfilenode */
  file: z.number(),
});
export type TrialRelation = z.infer<typeof TrialRelation>;

export const OwnLock = z.object({
  oid: z.number(),
  /** As in pg_locks: "AccessExclusiveLock". */
  mode: z.string(),
  file: z.number().nullable(),
});
export type OwnLock = z.infer<typeof OwnLock>;
