import { z } from "zod";
import { MigrationPlan } from "./preflight/results.ts";

const milliseconds = z.number().describe("milliseconds");

/** What `migrate` prints with --json. */
export const MigrateResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  /** Applied by this run, or with --dry-run what would be, in order. */
  migrations: z.array(
    z.object({ version: z.string(), description: z.string(), duration: milliseconds.nullable() }),
  ),
  /** Files of functions/ and views/ that this run applied or would apply, in order. */
  definitions: z.array(z.object({ path: z.string(), duration: milliseconds.nullable() })),
  /** All migrations and files that are current after this run. */
  total: z.object({ migrations: z.number(), definitions: z.number() }),
  /** What --to leaves for a later run. */
  pending: z.object({ migrations: z.number(), definitions: z.number() }),
  /** With --dry-run: what the migrations will do to tables that exist. */
  plan: MigrationPlan.nullable(),
});
export type MigrateResult = z.infer<typeof MigrateResult>;

/** What `rollback` prints with --json. */
export const RollbackResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  /** Rolled back by this run, or with --dry-run what would be, newest first. */
  migrations: z.array(z.object({ version: z.string(), duration: milliseconds.nullable() })),
  /** The newest migration that is left; null when none is. */
  newest: z.string().nullable(),
});
export type RollbackResult = z.infer<typeof RollbackResult>;

/** What `status` prints with --json. */
export const StatusResult = z.object({
  database: z.string(),
  server: z.string(),
  engine: z.enum(["current", "outdated", "absent"]),
  migrations: z.array(
    z.object({
      version: z.string(),
      description: z.string(),
      state: z.enum(["applied", "pending", "changed", "missing", "out of order", "gap before"]),
      appliedAt: z.iso.datetime().nullable(),
      duration: milliseconds.nullable(),
      appliedBy: z.string().nullable(),
    }),
  ),
  definitions: z.array(
    z.object({
      path: z.string(),
      state: z.enum(["current", "pending", "changed", "dropped", "file missing"]),
      appliedAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type StatusResult = z.infer<typeof StatusResult>;

/** What `new` prints with --json. */
export const NewResult = z.object({ version: z.string(), path: z.string() });
export type NewResult = z.infer<typeof NewResult>;
