import { z } from "zod";
import { MigrationPlan } from "./preflight/results.ts";
import { Execution } from "./trial/results.ts";

const milliseconds = z.number().describe("milliseconds");

/** What `migrate` prints with --json. */
export const MigrateResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  /** Applied by this run, or with --dry-run what would be, in order. */
  migrations: z.array(
    z.object({
      version: z.string(),
      description: z.string(),
      /** Why it cannot be taken back; null where it can. */
      irreversible: z.string().nullable(),
      duration: milliseconds.nullable(),
    }),
  ),
  /** Files of functions/ and views/ that this run applied or would apply, in order. */
  definitions: z.array(z.object({ path: z.string(), duration: milliseconds.nullable() })),
  /** All migrations and files that are current after this run. */
  total: z.object({ migrations: z.number(), definitions: z.number() }),
  /** What --to leaves for a later run. */
  pending: z.object({ migrations: z.number(), definitions: z.number() }),
  /** What the run did at its end for the tables that partition_policies names; nothing with --dry-run. */
  partitions: z.object({
    created: z.array(z.string()),
    failed: z.array(
      z.object({ parent: z.string(), message: z.string(), hint: z.string().nullable() }),
    ),
  }),
  /** With --dry-run: what the migrations will do to tables that exist. */
  plan: MigrationPlan.nullable(),
  /** With --dry-run and --execute: what they did when they were executed and rolled back. */
  execution: Execution.nullable(),
});
export type MigrateResult = z.infer<typeof MigrateResult>;

/** What `migrate --sql` prints with --json. */
export const MigrationScript = z.object({ database: z.string(), sql: z.string() });
export type MigrationScript = z.infer<typeof MigrationScript>;

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
  /** Null where none is recorded. `sameCluster` is false for a copy on another server, and null where that cannot be known. */
  environment: z.object({ name: z.string(), sameCluster: z.boolean().nullable() }).nullable(),
  migrations: z.array(
    z.object({
      version: z.string(),
      description: z.string(),
      state: z.enum([
        "applied",
        "pending",
        "half-way",
        "changed",
        "missing",
        "renamed",
        "out of order",
        "gap before",
      ]),
      /** What the ledger calls it, when that is another name. */
      renamedFrom: z.string().nullable(),
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

/** What `baseline` prints with --json. */
export const BaselineResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  /** The migration up to which all are recorded. */
  version: z.string(),
  /** Recorded by this run, or with --dry-run what would be, in order. */
  migrations: z.array(z.object({ version: z.string(), description: z.string() })),
});
export type BaselineResult = z.infer<typeof BaselineResult>;

/** What `repair` prints with --json. */
export const RepairResult = z.object({
  database: z.string(),
  dryRun: z.boolean(),
  /** Done by this run, or with --dry-run what would be, in the order of the versions. */
  repairs: z.array(
    z.object({
      /** What the migration is called from now on. */
      version: z.string(),
      /** What the ledger called it before. */
      recordedAs: z.string(),
      action: z.enum(["accept change", "record new name", "write file", "forget"]),
      /** Of a changed file: what differs; "unknown" where the ledger has no text to compare with. */
      difference: z.enum(["statements", "description", "comments", "unknown"]).nullable(),
      /** Of a changed file: the hunks of a unified diff, from what the ledger has to what the file has. */
      diff: z.string().nullable(),
    }),
  ),
  /** What the database is said to be from now on, and was before; null when that stays. */
  environment: z.object({ name: z.string(), before: z.string().nullable() }).nullable(),
  /** Applied migrations whose file is still missing. */
  missing: z.array(z.object({ version: z.string(), canBeWritten: z.boolean() })),
});
export type RepairResult = z.infer<typeof RepairResult>;

/** What `new` prints with --json. */
export const NewResult = z.object({ version: z.string(), path: z.string() });
export type NewResult = z.infer<typeof NewResult>;

/** What `import` prints with --json. */
export const ImportResult = z.object({
  tool: z.string(),
  dryRun: z.boolean(),
  /** Files of the project in their order: migrations, then functions and views. */
  files: z.array(
    z.object({
      path: z.string(),
      /** The files of the other tool that it was made of. */
      from: z.array(z.string()),
      /** Unchanged: it was there already with this content. */
      state: z.enum(["written", "unchanged"]),
      notes: z.array(z.string()),
    }),
  ),
  /** SQL files that the other tool takes for no migration. */
  ignored: z.array(z.string()),
  /** What --ledger took over; null without it. */
  ledger: z
    .object({
      database: z.string(),
      table: z.string(),
      /** The new name of that table, where it had the name of our ledger. */
      renamedTo: z.string().nullable(),
      /** Versions that this run recorded, in order. */
      recorded: z.array(z.string()),
      /** How many were recorded already. */
      alreadyRecorded: z.number(),
      /** Migrations that the other tool has not applied. */
      pending: z.number(),
    })
    .nullable(),
});
export type ImportResult = z.infer<typeof ImportResult>;
