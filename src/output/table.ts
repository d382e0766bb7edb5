import Table from "cli-table3";
import type { Page } from "./output.ts";

/** A column: its heading, where its text stands, and whether it gives way when the page is too narrow. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
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

/** Lays rows out in columns without rules, so that they can be copied, searched with grep and cut. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { style }: Page,
): string {
  const drawn = new Table({
    head: columns.map(({ heading }) => style.heading(heading)),
    colAligns: columns.map(({ align }) => align ?? "left"),
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
