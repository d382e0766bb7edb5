import { CliError } from "../core/errors.ts";

interface FailureParts {
  readonly detail?: string | undefined;
  readonly hint?: string;
  readonly cause?: unknown;
}

const useAnother = "Give the address of another server with --url or DATABASE_URL.";

/** Makes the error of everything that can go wrong with the embedded server; without a hint of its own it names the way around it. */
export function serverFailure(message: string, parts: FailureParts = {}): CliError {
  return new CliError("EMBEDDED_SERVER_FAILED", { hint: useAnother, ...parts, message });
}

/** Returns the end of a log, where the reason stands. */
export function lastLines(text: string): string | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.length === 0 ? undefined : lines.slice(-12).join("\n");
}

/** Returns the code of a system error, such as "ENOENT". */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
