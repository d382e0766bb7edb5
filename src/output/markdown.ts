import stringWidth from "string-width";
import { harmless, oneLine } from "./plain-text.ts";
import type { Column } from "./table.ts";

/** Writes a text so that Markdown as GitHub reads it shows the text as it is, in one paragraph. */
export function prose(text: string): string {
  return (
    harmless(text.replaceAll(/\s+/g, " ").trim())
      .replaceAll(/[\\`*[\]<>&~|]|(?<![a-z0-9])_|_(?![a-z0-9])|^(?:[#+=-]|\d+(?=[.)]))/gi, (mark) =>
        /\d/.test(mark) ? `${mark}\u2060` : `\\${mark}`,
      )
      // A name that follows the sign would be told of it, and an address becomes a link.
      .replaceAll(/@|:\/\/|www\./gi, "$&\u2060")
  );
}

/** Writes a text as code on one line, cut to `columns`; the fence is longer than any in the text. */
export function code(text: string, columns = Infinity): string {
  const line = oneLine(text, columns);
  if (line === "") return "";
  const fence = "`".repeat(longestRun(line) + 1);
  const padding = /^`|`$/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
}

/** Writes a text as a block of code, which ends with its last line that is not blank. */
export function codeBlock(language: "sql" | "sh" | "text", text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${harmless(text.trimEnd())}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}

/** Writes a table that can also be read as it is; its cells are Markdown. */
export function markdownTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [columns.map(({ heading }) => heading), ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, place) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[place] ?? "")), 3),
  );
  const lines = cells.map((row) =>
    row.map((text, place) => padded(text, widths[place] ?? 0, columns[place]?.align)),
  );
  const rule = columns.map(({ align }, place) => {
    const dashes = "-".repeat((widths[place] ?? 0) - 1);
    return align === "right" ? `${dashes}:` : `${dashes}-`;
  });
  return lines
    .toSpliced(1, 0, rule)
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

/** A backslash before an escaped bar is read in two ways: as one of them, or as both. */
function cell(text: string): string {
  return text.replaceAll(/\\(?=\|)/g, "\\ ").replaceAll("|", String.raw`\|`);
}

function padded(text: string, width: number, align: Column["align"]): string {
  const padding = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "right" ? padding + text : text + padding;
}
