import { z } from "zod";

/** The parts of a check, in the order in which they run. */
const Section = z.enum([
  "files",
  "lint",
  "trace",
  "round-trip",
  "snapshot",
  "conventions",
  "drift",
]);
export type Section = z.infer<typeof Section>;

/** The worst first. */
export const Level = z.enum(["error", "warning", "note"]);
export type Level = z.infer<typeof Level>;

/** What a section finds; the frame adds which section it was, and the key. */
const Found = z.object({
  /** A word that stays the same: "index-not-concurrent". */
  rule: z.string(),
  level: Level,
  /** What is wrong and why it matters, as sentences. */
  message: z.string(),
  /** What to do instead; null where the message says it. */
  cure: z.string().nullable(),
  /** Path from the project folder; line and column count from 1. Null for what stands in no file. */
  location: z
    .object({ file: z.string(), line: z.int().positive(), column: z.int().positive() })
    .nullable(),
  /** The object of the database that it is about, with its schema, quoted where needed; null where there is none. */
  object: z.string().nullable(),
});
export type Found = z.infer<typeof Found>;

export const Finding = z.object({
  section: Section,
  ...Found.shape,
  /** Of the rule, the file and the object: the same in every run, wherever in the file it stands. */
  key: z.string(),
});
export type Finding = z.infer<typeof Finding>;
