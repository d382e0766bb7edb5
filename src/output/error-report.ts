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
  const { before, after } = windowAround(text, column);
  // Tabs stay tabs, and a wide character or an emoji takes the columns that a terminal gives it.
  const padding = before
    .split("\t")
    .map((part) => " ".repeat(stringWidth(part)))
    .join("\t");
  return [
    `  ${style.faint(`at ${file}:${line}:${column}`)}`,
    `  ${style.faint(`${line} |`)} ${before}${after}`,
    `  ${style.faint(`${margin} |`)} ${padding}${style.bad("^")}`,
  ];
}

/** How many characters of a long line are shown on either side of the place; a file may be one line of 10 MB. */
const reach = 100;

function windowAround(text: string, column: number): { before: string; after: string } {
  const characters = Array.from(visible(text));
  const place = column - 1;
  const [start, end] = [place - reach, place + reach];
  return {
    before: `${start > 0 ? "…" : ""}${characters.slice(Math.max(0, start), place).join("")}`,
    after: `${characters.slice(place, end).join("")}${end < characters.length ? "…" : ""}`,
  };
}

/** A control character in a file must not move the cursor of a terminal. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, "\ufffd");
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
