import { ServerError } from "../db/server-error.ts";
import type { Failure } from "./results.ts";

/** Returns what an error of the server says of one object; throws it on when it is about the session or is a bug. */
export function failureOf(error: unknown): Failure {
  // Class 57: the server or somebody else ended the statement or the session; 08: the connection is gone.
  if (!(error instanceof ServerError) || /^(08|57P)/.test(error.sqlState)) throw error;
  const { message, detail = null, hint = null, sqlState } = error;
  return { message, detail, hint, sqlState };
}
