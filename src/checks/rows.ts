import { z } from "zod";

/** The rows of the queries in sql/queries/checks/; at run time only their types are used. */
export const FingerprintLine = z.object({ text: z.string() });
export type FingerprintLine = z.infer<typeof FingerprintLine>;

/** What a convention is about; what is to be said of it depends on the rule. */
export const ConventionRow = z.object({
  rule: z.string(),
  object: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type ConventionRow = z.infer<typeof ConventionRow>;

export const TableData = z.object({
  table: z.string(),
  rows: z.number(),
  /** How many rows have a value there, by column. */
  filled: z.record(z.string(), z.number()),
  /** Of all rows, in whatever order they and their columns lie. */
  digest: z.string(),
});
export type TableData = z.infer<typeof TableData>;
