import { z } from "zod";
import { LockingSession } from "../output/results.ts";

/** The rows of the queries in sql/queries/partitions/; a test compares them with what the server says. */
export const Policy = z.object({
  oid: z.number(),
  /** Schema and name, quoted where needed. */
  parent: z.string(),
  granularity: z.string(),
  ahead: z.number(),
  retain: z.string().nullable(),
  retain_mode: z.string(),
  catch_all: z.string(),
});
export type Policy = z.infer<typeof Policy>;

export const ServerState = z.object({ database: z.string(), is_standby: z.boolean() });
export type ServerState = z.infer<typeof ServerState>;

export const PlanRow = z.object({
  state: z.string(),
  partition: z.string().nullable(),
  oid: z.number().nullable(),
  name: z.string().nullable(),
  lower_bound: z.string().nullable(),
  upper_bound: z.string().nullable(),
  reason: z.string().nullable(),
});
export type PlanRow = z.infer<typeof PlanRow>;

export const Period = z.object({ lower_bound: z.string(), upper_bound: z.string() });
export type Period = z.infer<typeof Period>;

export const StatementRow = z.object({
  day: z.string().nullable(),
  partition: z.string(),
  statement: z.string(),
});
export type StatementRow = z.infer<typeof StatementRow>;

export const LockRow = z.object({
  statement: z.string(),
  relation: z.string(),
  mode: z.string(),
  sessions: z.array(LockingSession),
});
export type LockRow = z.infer<typeof LockRow>;

export const SizeRow = z.object({
  oid: z.number(),
  size: z.number(),
  rows: z.number().nullable(),
});
export type SizeRow = z.infer<typeof SizeRow>;

export const StrayRow = z.object({
  partition: z.string(),
  lower_bound: z.string().nullable(),
  upper_bound: z.string().nullable(),
  rows: z.number(),
  is_due: z.boolean(),
});
export type StrayRow = z.infer<typeof StrayRow>;

export const TableWithoutPolicy = z.object({ parent: z.string() });
export type TableWithoutPolicy = z.infer<typeof TableWithoutPolicy>;
