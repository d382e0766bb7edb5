import Table from "cli-table3";
import stringWidth from "string-width";
import type { Page } from "./output.ts";

/** A column: its heading, where its text stands, and whether it may be left out when the page is too narrow. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
  readonly optional?: boolean;
}

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/**
 * Lays rows out in columns without rules, so that they can be copied, searched with grep and cut. Where that is wider
 * than the page, optional columns are left out, the last one first; if it still is, the first column is cut.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, style }: Page,
): string {
  const widths = columns.map(({ heading }, place) =>
    rows.reduce(
      (widest, row) => Math.max(widest, stringWidth(row[place] ?? "")),
      stringWidth(heading),
    ),
  );
  const excess =
    widths.reduce((sum, each) => sum + each + bare.middle.length, -bare.middle.length) - width;
  const leftOut = columns.findLastIndex(({ optional }) => optional === true);
  if (excess > 0 && leftOut !== -1) {
    const rest = <Each>(all: readonly Each[]): Each[] =>
      all.filter((_, place) => place !== leftOut);
    return table(rest(columns), rows.map(rest), { width, style });
  }
  const [first = { heading: "" }] = columns;
  const drawn = new Table({
    head: columns.map(({ heading }) => style.heading(heading)),
    colAligns: columns.map(({ align }) => align ?? "left"),
    ...(excess > 0 && {
      colWidths: [Math.max((widths[0] ?? 0) - excess, stringWidth(first.heading))],
    }),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
