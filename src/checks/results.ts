import { z } from "zod";
import { BaselineUse, Level } from "../findings/results.ts";

/** Those that look at the files on the throw-away server. */
export const walkedSections = ["lint", "trace", "round-trip", "snapshot", "conventions"] as const;
/** Those that look at a live database. */
const liveSections = ["drift", "functions"] as const;
/** The parts of a check, in the order in which they run. */
export const sections = ["files", ...walkedSections, ...liveSections] as const;
export const Section = z.enum(sections);
export type Section = z.infer<typeof Section>;

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
  /** Of the section, the rule, the file and the object: the same in every run, wherever in the file it stands. */
  key: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** What a migration did when it was tried. */
const TracedMigration = z.object({
  version: z.string(),
  /** Null for one that runs without a transaction, which cannot be tried and rolled back. */
  statements: z
    .array(
      z.object({
        line: z.number(),
        text: z.string(),
        duration: z.number().describe("milliseconds"),
        /** The strongest on each relation that was there before the migration. */
        locks: z.array(z.object({ relation: z.string(), kind: z.string(), mode: z.string() })),
        /** Tables and materialized views that got a new file. */
        rewritten: z.array(z.string()),
      }),
    )
    .nullable(),
});
export type TracedMigration = z.infer<typeof TracedMigration>;

const SectionResult = z.object({
  name: Section,
  /** Why it was not run, or not to its end; null where it was. */
  notRun: z.string().nullable(),
  /** What the reader has to know of its findings; null where there is nothing. */
  note: z.string().nullable(),
  duration: z.number().nullable().describe("milliseconds"),
});
export type SectionResult = z.infer<typeof SectionResult>;

/** What `check` prints with --json. */
export const CheckResult = z.object({
  /** The version of the throw-away server; null where none was needed. */
  server: z.string().nullable(),
  /** What the files were compared with; null without --base. */
  base: z.string().nullable(),
  /** Where the project lies in its repository: "db/", or "" for its root. */
  folder: z.string(),
  /** All that could be read, and those that were tried. */
  migrations: z.object({
    total: z.number(),
    tried: z.array(z.string()),
    /** The file of the newest one; null where there is none. */
    newest: z.string().nullable(),
  }),
  sections: z.array(SectionResult),
  /** The worst first; of those that are alike, in the order of the sections and files. */
  findings: z.array(Finding),
  /** Null without --baseline. */
  baseline: BaselineUse.nullable(),
  trace: z.array(TracedMigration),
});
export type CheckResult = z.infer<typeof CheckResult>;
