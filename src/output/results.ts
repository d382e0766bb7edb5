import { z } from "zod";
import { errorCodes } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";

/** What every command prints with --json where it fails. */
export const ErrorDocument = z.object({
  error: z.object({
    code: z.enum([...errorCodes, "INTERNAL"]),
    message: z.string().min(1),
    detail: z.string().optional(),
    hint: z.string().optional(),
    sqlState: z
      .string()
      .regex(/^[0-9A-Z]{5}$/)
      .optional(),
    /** Line and column count from 1; `text` is that line. */
    location: z
      .object({
        file: z.string(),
        line: z.int().positive(),
        column: z.int().positive(),
        text: z.string(),
      })
      .optional(),
    exitCode: z.enum(ExitCode),
  }),
});
export type ErrorReport = z.infer<typeof ErrorDocument>["error"];

/** Why something was not done for one object; the others were. */
export const Failure = z.object({
  message: z.string(),
  detail: z.string().nullable(),
  hint: z.string().nullable(),
  sqlState: z.string().nullable(),
});
export type Failure = z.infer<typeof Failure>;

/** A session that holds a lock which stands against another, as our queries give it. */
export const LockingSession = z.object({
  /** 0 for a prepared transaction. */
  processId: z.number(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  /** The lock that it holds. */
  mode: z.string(),
  state: z.string().nullable(),
  /** Milliseconds. */
  transactionAge: z.number().nullable(),
  query: z.string().nullable(),
});

/** A relation, and the sessions that hold such a lock on it. */
export const HeldRelation = z.object({
  relation: z.string(),
  sessions: z.array(LockingSession),
});
export type HeldRelation = z.infer<typeof HeldRelation>;
