import { z } from "zod";

/** Why a statement has no plan here. */
const Obstacle = z.object({
  name: z.enum([
    "no_text",
    "other_database",
    "utility_statement",
    "unreadable",
    "unknown_types",
    "name_not_found",
    "no_right",
    "locked",
    "timeout",
    "failed",
  ]),
  message: z.string(),
  /** What makes it possible, where something does. */
  cure: z.string().nullable(),
});
export type Obstacle = z.infer<typeof Obstacle>;

/** One node of the plan; partitions that are read in the same way are one. */
const PlanStep = z.object({
  /** How many nodes are above it. */
  depth: z.number(),
  type: z.string(),
  /** What it reads or changes, with its schema: of partitions that are read in the same way, the partitioned table. */
  relation: z.string().nullable(),
  alias: z.string().nullable(),
  index: z.string().nullable(),
  /** How many partitions it stands for; null where it is none. */
  partitions: z.number().nullable(),
  conditions: z.array(z.string()),
  /** As the planner estimates it; the cost with that of what is below. */
  rows: z.number(),
  cost: z.number(),
});
export type PlanStep = z.infer<typeof PlanStep>;

/** What the plan points to. */
const Flag = z.object({
  name: z.enum(["reads_every_partition", "sequential_scan", "planning_time"]),
  relation: z.string().nullable(),
  message: z.string(),
  cure: z.string(),
});
export type Flag = z.infer<typeof Flag>;

/** What was written to a table since its statistics were reset. */
const Writes = z.object({
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  /** Of the updates, those that left all indexes as they were. */
  hotUpdated: z.number(),
  /** Null where they have never been reset. */
  since: z.string().nullable(),
});

/** An index that makes the plan cheaper, as HypoPG and the planner say; nothing was built. */
const IndexSuggestion = z.object({
  table: z.string(),
  columns: z.array(z.string()),
  costBefore: z.number(),
  costAfter: z.number(),
  /** Null where it cannot be estimated. */
  bytes: z.number().nullable(),
  /** How many indexes each row of the table is in already. */
  presentIndexes: z.number(),
  writes: Writes,
  /** What creates it, without keeping anybody from writing; each is to run by itself, outside a transaction. */
  statements: z.array(z.string()),
});
export type IndexSuggestion = z.infer<typeof IndexSuggestion>;

/** What must be known to read the plan rightly. */
const Remark = z.object({
  name: z.enum(["squashed_list", "other_rights", "hypopg_missing", "hypopg_failed"]),
  message: z.string(),
  cure: z.string().nullable(),
});
export type Remark = z.infer<typeof Remark>;

/** The plan that the server makes for a statement without its values. */
export const Explanation = z.object({
  /** Null where there is a plan. */
  obstacle: Obstacle.nullable(),
  /** The role as which it was planned, and the search_path. */
  role: z.string().nullable(),
  searchPath: z.string().nullable(),
  /** Milliseconds. */
  planningTime: z.number().nullable(),
  plan: z.array(PlanStep),
  flags: z.array(Flag),
  indexes: z.array(IndexSuggestion),
  remarks: z.array(Remark),
});
export type Explanation = z.infer<typeof Explanation>;
