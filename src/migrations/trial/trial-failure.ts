import type { ErrorCode } from "../../core/errors.ts";
import { ServerError } from "../../db/server-error.ts";
import { sqlFailure, type SentStatements } from "../../db/sql-failure.ts";
import { hideValues } from "../run/hide-values.ts";
import { isLockError } from "../../db/lock-retry.ts";
import { lockReason } from "../run/lock-retry.ts";
import { withoutTransaction } from "../run/run-migrations.ts";
import type { Run } from "../run/run.ts";

interface Failed {
  /** The beginning of the sentence. */
  readonly name: string;
  readonly sent: SentStatements | undefined;
  readonly code?: ErrorCode;
}

const unchanged = "This was a trial, and nothing was changed";

/** Turns an error of the server into what the user is to see; returns other errors as they are. */
export function trialFailure(
  { options, observer, variables }: Run,
  thrown: unknown,
  { name, sent, code = "MIGRATION_FAILED" }: Failed,
): unknown {
  if (!(thrown instanceof ServerError)) return thrown;
  const error = hideValues(thrown, variables);
  if (isLockError(error)) {
    return sqlFailure(error, sent, {
      code: "LOCK_TIMEOUT",
      message: `${name} ${lockReason(error, options)}.`,
      reasons: observer.seen(),
      hint: `${unchanged}; end the sessions in the way or wait for them, and run the command again. --lock-timeout changes its patience.`,
    });
  }
  return sqlFailure(error, sent, {
    code,
    message: `${name} failed.`,
    hint: `${unchanged}; correct the file and run the command again.`,
    transactionHint: `${unchanged}. ${withoutTransaction("up")}`,
  });
}
