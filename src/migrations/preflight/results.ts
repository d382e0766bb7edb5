import { z } from "zod";
import { lockModes } from "../../statements/lock-modes.ts";

const LockMode = z.enum(lockModes);

/** A session, or a prepared transaction, whose lock stands in the way of one that a migration will take. */
export const Blocker = z.object({
  /** Null for a prepared transaction. */
  pid: z.number().nullable(),
  lock: LockMode,
  /** False for one that waits itself, and stands before us in the queue. */
  granted: z.boolean(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  prepared: z.string().nullable(),
  state: z.string().nullable(),
  transactionAge: z.number().nullable().describe("milliseconds"),
  query: z.string().nullable(),
});
export type Blocker = z.infer<typeof Blocker>;

export const PlannedRelation = z.object({
  name: z.string(),
  /** "new" when a pending migration creates it, "missing" when nothing does. */
  state: z.enum(["present", "new", "missing"]),
  kind: z.enum(["table", "partitioned table", "view", "materialized view", "other"]),
  lock: LockMode,
  size: z.number().nullable().describe("bytes, with indexes"),
  rows: z.number().nullable().describe("as the last VACUUM or ANALYZE estimated"),
  work: z.array(
    z.object({
      kind: z.enum(["rewrite", "index build", "scan", "truncation", "drop"]),
      /** False where the catalog alone cannot tell. */
      certain: z.boolean(),
      reason: z.string(),
    }),
  ),
  blockers: z.array(Blocker),
});
export type PlannedRelation = z.infer<typeof PlannedRelation>;

/** A lock that others will feel. */
export const Impact = z.object({
  version: z.string(),
  line: z.number(),
  statement: z.string(),
  ...PlannedRelation.shape,
});
export type Impact = z.infer<typeof Impact>;

/** What pending migrations will do to the database that was asked. */
export const MigrationPlan = z.object({
  /**
   * Of everything below, what holds up writes or reads of tables that exist, goes through all their rows, or has to wait
   * for somebody now; the heaviest first.
   */
  impacts: z.array(Impact),
  migrations: z.array(
    z.object({
      version: z.string(),
      transaction: z.boolean(),
      statements: z.array(
        z.object({
          line: z.number(),
          text: z.string(),
          relations: z.array(PlannedRelation),
          /** Why it may lock more than is listed; null when it will not. */
          unknown: z.string().nullable(),
        }),
      ),
    }),
  ),
});
export type MigrationPlan = z.infer<typeof MigrationPlan>;
