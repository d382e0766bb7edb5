import { z } from "zod";

export const Level = z.enum(["error", "warning", "note"]);
export type Level = z.infer<typeof Level>;

const Finding = z.object({
  /** Of the check; stable. */
  name: z.string(),
  level: Level,
  /** What it is about, with its schema, quoted where needed. */
  object: z.string(),
  message: z.string(),
  /** The numbers and names behind the message. */
  detail: z.record(z.string(), z.unknown()),
  /** The statements or the command that remove it, one a line; null where only thought does. */
  cure: z.string().nullable(),
  /** Of the check and the object: the same in every run. */
  key: z.string(),
});
export type Finding = z.infer<typeof Finding>;

const NotChecked = z.object({
  name: z.string(),
  reason: z.string(),
  /** What has to be done before it can be checked; null where it does not apply here. */
  cure: z.string().nullable(),
});
export type NotChecked = z.infer<typeof NotChecked>;

/** A finding that is known and accepted. */
export const BaselineEntry = z.strictObject({
  key: z.string().min(1),
  reason: z.string(),
  /** The last day on which it counts; without one it counts for ever. */
  expires: z.iso.date().nullable().default(null),
});
export type BaselineEntry = z.infer<typeof BaselineEntry>;

const Measured = z.object({
  object: z.string(),
  bytes: z.number(),
  /** Of a table's indexes; null for an index. */
  indexBytes: z.number().nullable(),
  /** As VACUUM and ANALYZE estimated them. */
  rows: z.number(),
  /** How many tables or indexes are summed. */
  partitions: z.number(),
});
export type Measured = z.infer<typeof Measured>;

const CheckDescription = z.object({
  name: z.string(),
  /** The worst that it can find. */
  level: Level,
  /** What it finds. */
  sentence: z.string(),
  /** Why it matters, and what is to be thought of before it is cured. */
  advice: z.string(),
});
export type CheckDescription = z.infer<typeof CheckDescription>;

/** The published form of `health --json`. */
export const HealthResult = z.object({
  database: z.string(),
  user: z.string(),
  serverVersion: z.string(),
  isStandby: z.boolean(),
  /** Those that were to run. */
  checks: z.array(CheckDescription),
  /** The worst first. */
  findings: z.array(Finding),
  notChecked: z.array(NotChecked),
  /** What the file given with --baseline did; null without one. */
  baseline: z
    .object({
      /** How many findings it kept back. */
      suppressed: z.number(),
      /** Entries whose day is over: their findings count again. */
      expired: z.array(BaselineEntry),
      /** Entries of checks that ran and found nothing of the kind. */
      unused: z.array(BaselineEntry),
    })
    .nullable(),
  /** Null where they could not be measured, or only some checks were asked for. */
  sizes: z.object({ tables: z.array(Measured), indexes: z.array(Measured) }).nullable(),
});
export type HealthResult = z.infer<typeof HealthResult>;

/** The published form of `health --list --json`. */
export const CheckList = z.object({ checks: z.array(CheckDescription) });
export type CheckList = z.infer<typeof CheckList>;
