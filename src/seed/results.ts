import { z } from "zod";

/** What `seed` prints with --json. */
export const SeedResult = z.object({
  database: z.string(),
  /** False when the database had rows already, and nothing was run. */
  seeded: z.boolean(),
  /** The tables that had rows already; not looked for with --append. */
  filled: z.array(z.string()),
  parameters: z.object({
    users: z.number(),
    courses: z.number(),
    days: z.number(),
    randomSeed: z.number(),
    asOf: z.iso.date(),
  }),
  /** The files that were run, in order. */
  files: z.array(
    z.object({
      path: z.string(),
      rows: z.number(),
      duration: z.number().describe("milliseconds"),
    }),
  ),
  /** The rows that were inserted, by table. */
  tables: z.array(z.object({ table: z.string(), rows: z.number() })),
});
export type SeedResult = z.infer<typeof SeedResult>;
