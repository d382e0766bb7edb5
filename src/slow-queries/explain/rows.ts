import { z } from "zod";

/** The rows of the queries in sql/queries/slow-queries/explain-*.sql; a test compares them with what the server says. */
export const Caller = z.object({
  /** Whether we may plan as the role of the statement. */
  can_be_set: z.boolean(),
  search_path: z.string(),
  current_user: z.string(),
});
export type Caller = z.infer<typeof Caller>;

/** A table or partition below a partitioned table, or the table itself; names are quoted and have their schema. */
const TreeMember = z.object({
  name: z.string(),
  schema: z.string(),
  parent: z.string().nullable(),
  level: z.number(),
  isLeaf: z.boolean(),
});
export type TreeMember = z.infer<typeof TreeMember>;

/** A relation of a plan, and the table whose partition it is: itself where it is none. */
export const PlannedRelation = z.object({
  schema: z.string(),
  name: z.string(),
  /** With its schema, quoted. */
  root: z.string(),
  kind: z.string(),
  /** How the table is partitioned: r, l or h; null where it is not. */
  strategy: z.string().nullable(),
  key_columns: z.array(z.string()),
  key_has_expression: z.boolean(),
  partitions: z.number(),
  /** What the last VACUUM or ANALYZE found; of all partitions together. */
  rows: z.number(),
  bytes: z.number(),
  tree: z.array(TreeMember),
  /** The columns of each index that holds every row, in its order; null for an expression. */
  indexes: z.array(z.array(z.string().nullable())),
  index_count: z.number(),
  quoted_columns: z.record(z.string(), z.string()),
  inserted: z.number(),
  updated: z.number(),
  deleted: z.number(),
  hot_updated: z.number(),
  stats_reset: z.date().nullable(),
});
export type PlannedRelation = z.infer<typeof PlannedRelation>;

export const HypoPg = z.object({
  /** Quoted; null where it is not created in this database. */
  schema: z.string().nullable(),
  is_available: z.boolean(),
});
export type HypoPg = z.infer<typeof HypoPg>;
