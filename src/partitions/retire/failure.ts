import { failureOf as serverFailureOf } from "../../db/failure.ts";
import type { Failure } from "../../output/results.ts";

/** Why one partition is left as it is; what was begun of it is undone or completed by the next run. */
export class PartitionLeft extends Error {
  readonly detail: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, { detail, hint, cause }: Reasons = {}) {
    super(message, { cause });
    this.detail = detail;
    this.hint = hint;
  }
}

interface Reasons {
  readonly detail?: string;
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Returns what an error says of one object; throws it on when it is about the session, or is a bug. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PartitionLeft) {
    const { message, detail = null, hint = null } = error;
    return { message, detail, hint, sqlState: null };
  }
  const failure = serverFailureOf(error);
  return { ...failure, hint: hints[failure.sqlState ?? ""] ?? failure.hint };
}

/** What to do, by SQLSTATE. */
const hints: Readonly<Record<string, string>> = {
  "23503":
    "Rows of another table refer to rows of this partition: delete or change those first, and run the command again.",
  "2BP01":
    "Nothing that depends on a table is dropped with it: drop or change that first, and run the command again.",
  "42501": "Connect as the owner of the table, or as a member of the role that owns it.",
  "55P03": "It did not get its lock, however often it was tried: run the command again later.",
};
