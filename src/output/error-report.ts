import stringWidth from "string-width";
import { CliError, type SourceLocation } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import type { Page } from "./output.ts";
import type { ErrorReport } from "./results.ts";

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
export function errorText(report: ErrorReport, page: Page): string {
  const { style } = page;
  const state = report.sqlState === undefined ? "" : `, SQLSTATE ${report.sqlState}`;
  const lines = [
    `${style.bad("error:")} ${report.message} ${style.faint(`(${report.code}${state})`)}`,
  ];
  if (report.location !== undefined) lines.push(...excerpt(report.location, page));
  if (report.detail !== undefined) lines.push(indent(report.detail));
  if (report.hint !== undefined) lines.push(indent(`${style.heading("hint:")} ${report.hint}`));
  return lines.join("\n");
}

/** The line of the file with a caret under the place. */
function excerpt({ file, line, column, text }: SourceLocation, { style, width }: Page): string[] {
  const margin = " ".repeat(String(line).length);
  const { before, after } = windowAround(text, column, width - `  ${line} | `.length);
  // Tabs stay tabs, and a wide character or an emoji takes the columns that a terminal gives it.
  const padding = before
    .split("\t")
    .map((part) => " ".repeat(stringWidth(part)))
    .join("\t");
  return [
    `  ${style.faint(`at ${file}:${line}:${column}`)}`,
    `  ${style.faint(`${line} |`)} ${before}${after}`,
    `  ${margin} ${style.faint("|")} ${padding}${style.bad("^")}`,
  ];
}

/** How many characters of a long line are shown on either side of the place; a file may be one line of 10 MB. */
const reach = 100;

/** Cuts a line to `room` columns, so that a terminal does not break it and the caret stays under the place. */
function windowAround(
  text: string,
  column: number,
  room: number,
): { before: string; after: string } {
  const characters = Array.from(visible(text));
  const place = column - 1;
  const left = characters.slice(Math.max(0, place - reach), place).toReversed();
  const right = characters.slice(place, place + reach);
  // Each side is cut, and has room for that.
  const rest = room - 2;
  const before = fitting(left, rest - Math.min(widthOf(right), rest / 2)).toReversed();
  const after = fitting(right, rest - widthOf(before));
  return {
    before: `${before.length < place ? "…" : ""}${before.join("")}`,
    after: `${after.join("")}${place + after.length < characters.length ? "…" : ""}`,
  };
}

/** Returns as many of the first characters as `room` columns hold. */
function fitting(characters: readonly string[], room: number): readonly string[] {
  let taken = 0;
  const end = characters.findIndex((character) => {
    taken += widthOf([character]);
    return taken > room;
  });
  return end === -1 ? characters : characters.slice(0, end);
}

/** A tab takes eight columns at most. */
function widthOf(characters: readonly string[]): number {
  return characters.reduce(
    (sum, character) => sum + (character === "\t" ? 8 : stringWidth(character)),
    0,
  );
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
