import { z } from "zod";

/** What was recorded of a statement that created, changed or dropped an object. */
const DdlEvent = z.object({
  at: z.iso.datetime(),
  /** As the server calls the statement: "ALTER TABLE". */
  command: z.string(),
  user: z.string(),
  application: z.string(),
  /** Null over a Unix-domain socket. */
  address: z.string().nullable(),
});
export type DdlEvent = z.infer<typeof DdlEvent>;

export const Difference = z.object({
  /** Of the database, measured by what the project makes. */
  change: z.enum(["missing", "extra", "changed"]),
  kind: z.string(),
  /** With its schema, quoted where needed: "public.a", "a_check on public.a". */
  name: z.string(),
  /** The table, view or domain that it is or belongs to; null for what belongs to none. */
  relation: z.string().nullable(),
  /** The statements that would make it as the project does; null for what is extra. */
  expected: z.string().nullable(),
  /** The statements that would make it as it is; null for what is missing. */
  actual: z.string().nullable(),
  /** From the one to the other, as hunks of a unified diff. */
  diff: z.string(),
});
export type Difference = z.infer<typeof Difference>;

/** The published form of `drift --json`. */
export const DriftResult = z.object({
  database: z.string(),
  serverVersion: z.string(),
  /** Of the server on which the project was applied. */
  expectedVersion: z.string(),
  /** How many objects were compared. */
  compared: z.number(),
  differences: z.array(
    Difference.extend({
      /** Who did it, the newest first; empty where nothing is recorded of it. */
      events: z.array(DdlEvent),
    }),
  ),
  /** The patterns of --ignore, and how many differences each has kept back. */
  ignored: z.array(z.object({ pattern: z.string(), differences: z.number() })),
  /** Migrations of the project that the database does not have: what they make is missing, too. */
  pending: z.array(z.string()),
  /** Whether the database records who changes its schema. */
  isRecorded: z.boolean(),
});
export type DriftResult = z.infer<typeof DriftResult>;

/** The published form of `snapshot-schema --json`. */
export const SnapshotResult = z.object({
  /** The path of the file. */
  file: z.string(),
  serverVersion: z.string(),
  objects: z.number(),
  /** "current": nothing had to be written; with --check, "stale" and "absent" are findings and nothing is written. */
  state: z.enum(["written", "current", "stale", "absent"]),
  /** From the file to what the project makes, as hunks of a unified diff; empty where there is none or no file. */
  diff: z.string(),
});
export type SnapshotResult = z.infer<typeof SnapshotResult>;

/** The published form of `record-ddl --json`. */
export const DdlRecordingResult = z.object({
  database: z.string(),
  isRecorded: z.boolean(),
  /** Whether this run changed it. */
  changed: z.boolean(),
});
export type DdlRecordingResult = z.infer<typeof DdlRecordingResult>;
