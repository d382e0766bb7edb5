import { z } from "zod";

/** The rows of the queries sql/queries/partitions/doctor-….sql; a test compares them with what the server says. */
export const FindingRow = z.object({
  finding: z.string(),
  level: z.string(),
  parent: z.string(),
  relation: z.string(),
  /** With the SQL that cures it as "statements". */
  detail: z.record(z.string(), z.unknown()),
});
export type FindingRow = z.infer<typeof FindingRow>;
