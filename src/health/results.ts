import { z } from "zod";
import { BaselineUse, Level } from "../findings/results.ts";

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
  /** What has to be done before it can be checked; null where nothing is to be granted. */
  cure: z.string().nullable(),
  /** As what --fail-on counts it: the worst that the check can find; null where there was nothing for it to find. */
  countsAs: Level.nullable(),
});
export type NotChecked = z.infer<typeof NotChecked>;

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
  /** Null without --baseline. */
  baseline: BaselineUse.nullable(),
  /** Null where they could not be measured, or only some checks were asked for. */
  sizes: z.object({ tables: z.array(Measured), indexes: z.array(Measured) }).nullable(),
});
export type HealthResult = z.infer<typeof HealthResult>;

/** The published form of `health --list --json`. */
export const CheckList = z.object({ checks: z.array(CheckDescription) });
export type CheckList = z.infer<typeof CheckList>;
