import type { SourceText } from "../core/source-text.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { ServerError } from "./server-error.ts";
import { sqlFailure } from "./sql-failure.ts";

interface ScriptFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** Runs the statements of a file in one transaction; throws the given failure, with the place in the file. */
export async function runScript(
  database: Database,
  source: SourceText,
  failure: ScriptFailure,
): Promise<void> {
  try {
    await database.query(source.text);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    throw sqlFailure(error, { name: source.path, sql: source.text, start: 0, source }, failure);
  }
}
