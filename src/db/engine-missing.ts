import { CliError } from "../core/errors.ts";
import { ServerError } from "./server-error.ts";

/** SQLSTATEs undefined_table, undefined_function and undefined_column. */
const missing = new Set(["42P01", "42883", "42703"]);

/** Returns ENGINE_MISSING for what a query of the engine fails with where there is none; any other error as it is. */
export function explainMissingEngine(error: unknown): unknown {
  if (!(error instanceof ServerError) || !missing.has(error.sqlState)) return error;
  return new CliError("ENGINE_MISSING", {
    message: "This database has no engine of doramaflix-db, or an older one.",
    detail: error.message,
    hint: 'Install it: "doramaflix-db migrate".',
    cause: error,
  });
}
