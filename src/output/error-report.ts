import stringWidth from "string-width";
import { CliError, type ErrorCode, type SourceLocation } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import type { Style } from "./style.ts";

/** An error as `--json` prints it. */
export interface ErrorReport {
  readonly code: ErrorCode | "INTERNAL";
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly sqlState?: string | undefined;
  readonly location?: SourceLocation | undefined;
  readonly exitCode: ExitCode;
}

/** Turns anything that was thrown into a report; what is no CliError is a bug of ours and keeps its stack. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof CliError) {
    const { code, message, detail, hint, sqlState, location, exitCode } = error;
    return { code, message, detail, hint, sqlState, location, exitCode };
  }
  return {
    code: "INTERNAL",
    message: "This is a bug in doramaflix-db.",
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
    hint: "Please report it with the text above and the command that you ran.",
    exitCode: ExitCode.internal,
  };
}

/** Lays a report out for a person: what failed, where, why, and what to do. */
export function errorText(report: ErrorReport, style: Style): string {
  const state = report.sqlState === undefined ? "" : `, SQLSTATE ${report.sqlState}`;
  const lines = [
    `${style.bad("error:")} ${report.message} ${style.faint(`(${report.code}${state})`)}`,
  ];
  if (report.location !== undefined) lines.push(...excerpt(report.location, style));
  if (report.detail !== undefined) lines.push(indent(report.detail));
  if (report.hint !== undefined) lines.push(indent(`${style.heading("hint:")} ${report.hint}`));
  return lines.join("\n");
}

/** The line of the file with a caret under the place. */
function excerpt({ file, line, column, text }: SourceLocation, style: Style): string[] {
  const margin = " ".repeat(String(line).length);
  // Tabs stay tabs, and a wide character or an emoji takes the columns that a terminal gives it.
  const before = Array.from(text)
    .slice(0, column - 1)
    .join("");
  const padding = before
    .split("\t")
    .map((part) => " ".repeat(stringWidth(part)))
    .join("\t");
  return [
    `  ${style.faint(`at ${file}:${line}:${column}`)}`,
    `  ${style.faint(`${line} |`)} ${text}`,
    `  ${style.faint(`${margin} |`)} ${padding}${style.bad("^")}`,
  ];
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
