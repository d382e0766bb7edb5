import { ServerError } from "./server-error.ts";

/** Why something was not done for one object, while the others were. */
export interface ObjectFailure {
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly sqlState: string | null;
}

/** Returns what an error of the server says of one object; throws it on when it is about the session or is a bug. */
export function failureOf(error: unknown): ObjectFailure {
  // Class 57: the server or somebody else ended the statement or the session; 08: the connection is gone.
  if (!(error instanceof ServerError) || /^(08|57P)/.test(error.sqlState)) throw error;
  const { message, detail = null, hint = null, sqlState } = error;
  return { message, detail, hint, sqlState };
}
