import { z } from "zod";

/** How much a finding matters; the worst first. */
export const Level = z.enum(["error", "warning", "note"]);
export type Level = z.infer<typeof Level>;

/** A finding that is known and accepted. */
export const BaselineEntry = z.strictObject({
  key: z.string().min(1),
  reason: z.string(),
  /** The last day on which it counts; without one it counts for ever. */
  expires: z.iso.date().nullable().default(null),
});
export type BaselineEntry = z.infer<typeof BaselineEntry>;

/** What the file given with --baseline did. */
export const BaselineUse = z.object({
  /** How many findings it kept back. */
  suppressed: z.number(),
  /** Entries whose day is over: their findings count again. */
  expired: z.array(BaselineEntry),
  /** Entries of what was looked at, for which nothing was found. */
  unused: z.array(BaselineEntry),
});
export type BaselineUse = z.infer<typeof BaselineUse>;
