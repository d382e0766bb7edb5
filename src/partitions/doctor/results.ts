import { z } from "zod";
import { Failure } from "../../output/results.ts";

/** Everything that can be found; the names are stable. */
const FindingName = z.enum([
  "pending_detach",
  "missing",
  "hole",
  "overlapping",
  "misaligned",
  "catch_all_rows",
  "default_partition",
  "detached_orphan",
  "retired_not_dropped",
  "property_drift",
  "parent_not_analyzed",
  "lock_slots",
  "logical_key",
  "foreign_key_lock",
  "name_length",
  "invalid_index",
  "policy_without_table",
  "policy_invalid",
  "no_policy",
  "conversion_prepared",
]);
export type FindingName = z.infer<typeof FindingName>;

const Finding = z.object({
  finding: FindingName,
  level: z.enum(["error", "warning", "note"]),
  /** The partitioned table, with its schema, quoted where needed. */
  parent: z.string(),
  /** What it is about: the table itself, a partition, an index. */
  relation: z.string(),
  /** What is wrong. */
  problem: z.string(),
  /** Why it matters. */
  consequence: z.string(),
  /** The command that cures it; null where there is none. */
  command: z.string().nullable(),
  /** The SQL that cures it, in order, without semicolons; empty where only thought does. */
  statements: z.array(z.string()),
  /** Numbers and names behind the sentences. */
  detail: z.record(z.string(), z.unknown()),
});
export type Finding = z.infer<typeof Finding>;

const Repair = z.object({
  action: z.enum(["finalize detach", "create partition", "move rows", "set property", "analyze"]),
  parent: z.string(),
  /** What it is done to: a partition, or the first day of a period. */
  object: z.string(),
  statement: z.string(),
  /** How many rows are to be moved, or were. */
  rows: z.number().nullable(),
  /** How long it will take, guessed from a sample that was measured; only of rows that are moved. */
  predicted: z.number().nullable().describe("milliseconds"),
  /** How long readers will wait, guessed from the time that it took to read the catch-all. */
  predictedForReaders: z.number().nullable().describe("milliseconds"),
  /** "skipped" where an earlier period of the table has failed; "planned" before anything is done. */
  outcome: z.enum(["planned", "done", "failed", "skipped"]),
  duration: z.number().nullable().describe("milliseconds"),
  failure: Failure.nullable(),
});
export type Repair = z.infer<typeof Repair>;

/** What `partitions doctor` prints with --json. */
export const DoctorResult = z.object({
  database: z.string(),
  /** How many tables were looked at. */
  tables: z.number(),
  /** What is wrong; with --fix, what still is. */
  findings: z.array(Finding),
  /** The tables that could not be looked at, or not at all of them. */
  unexamined: z.array(z.object({ parent: z.string(), failure: Failure })),
  /** What --fix did. */
  repairs: z.array(Repair),
});
export type DoctorResult = z.infer<typeof DoctorResult>;
