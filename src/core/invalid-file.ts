import { CliError, type ErrorCode } from "./errors.ts";
import { locationAt, type SourceText } from "./source-text.ts";

/** What is wrong at a place of a file, in UTF-16 units, and what to do about it. */
export interface FileProblem {
  readonly index: number;
  readonly message: string;
  readonly hint: string;
}

/** Makes the error that shows a problem at its place. */
export function invalidFile(
  code: ErrorCode,
  source: Pick<SourceText, "path" | "text">,
  { index, message, hint }: FileProblem,
): CliError {
  return new CliError(code, { message, hint, location: locationAt(source, index) });
}
