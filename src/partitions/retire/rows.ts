import { z } from "zod";

/** The rows of the queries for `partitions retire`; a test compares them with what the server says. */
export const RetireFacts = z.object({
  database: z.string(),
  is_standby: z.boolean(),
  has_engine: z.boolean(),
});
export type RetireFacts = z.infer<typeof RetireFacts>;

export const RetireParent = z.object({ oid: z.number(), parent: z.string() });
export type RetireParent = z.infer<typeof RetireParent>;

export const Retirement = z.object({
  action: z.string(),
  /** The number of the row in the ledger. */
  retirement: z.number().nullable(),
  relation: z.number(),
  /** Schema and name, quoted where needed. */
  name: z.string(),
  lower_bound: z.string().nullable(),
  upper_bound: z.string().nullable(),
  method: z.string().nullable(),
  reason: z.string(),
  /** Bytes, with indexes. */
  size: z.number().nullable(),
  rows: z.number().nullable(),
});
export type Retirement = z.infer<typeof Retirement>;

export const RetiredDrop = Retirement.omit({ method: true }).extend({ parent: z.string() });
export type RetiredDrop = z.infer<typeof RetiredDrop>;

export const OldTransaction = z.object({
  process_id: z.number(),
  /** Seconds since 1970; with the process it tells one transaction from another. */
  began: z.number(),
  /** Milliseconds; null where the user may not see it. */
  age: z.number().nullable(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  state: z.string().nullable(),
  query: z.string().nullable(),
});
export type OldTransaction = z.infer<typeof OldTransaction>;

export const RetireLock = z.object({
  locked: z.boolean(),
  process_id: z.number().nullable(),
  user: z.string().nullable(),
  application_name: z.string().nullable(),
  since: z.date().nullable(),
});
export type RetireLock = z.infer<typeof RetireLock>;
