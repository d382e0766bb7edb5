import type { Style } from "../../output/style.ts";

/** Shows the hunks of a diff, two columns to the right. */
export function diffLines(diff: string, style: Style): string[] {
  return diff.split("\n").map((line) => `  ${coloured(line, style)}`);
}

function coloured(line: string, style: Style): string {
  if (line.startsWith("-")) return style.bad(line);
  if (line.startsWith("+")) return style.good(line);
  return style.faint(line);
}
