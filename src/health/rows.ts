import { z } from "zod";

/** The rows of the queries in sql/queries/health/; a test compares them with what the server says. */
export const Facts = z.object({
  database: z.string(),
  user: z.string(),
  version: z.string(),
  is_standby: z.boolean(),
  reads_all_statistics: z.boolean(),
  is_archiving: z.boolean(),
  has_checksums: z.boolean(),
  has_partitions_engine: z.boolean(),
  has_views_engine: z.boolean(),
});
export type Facts = z.infer<typeof Facts>;

/** The one form of what every check returns. */
export const FindingRow = z.object({
  /** A level of a finding; or "not_checked" for what the role may not see, whose number is in the detail as "hidden". */
  level: z.string(),
  /** What it is about, with its schema, quoted where needed. */
  object: z.string(),
  /** The numbers and names behind the sentence. */
  detail: z.record(z.string(), z.unknown()),
  /** The statements or the command that remove it, one a line. */
  cure: z.string().nullable(),
});
export type FindingRow = z.infer<typeof FindingRow>;

export const Size = z.object({
  kind: z.string(),
  object: z.string(),
  /** In bytes, without indexes. */
  size: z.number(),
  index_size: z.number().nullable(),
  rows: z.number(),
  /** How many tables or indexes are summed. */
  partitions: z.number(),
});
export type Size = z.infer<typeof Size>;
