import { structuredPatch } from "diff";

/** Returns what differs between two texts as the hunks of a unified diff, with three lines around each; empty for none. */
export function unifiedDiff(before: string, after: string): string {
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context: 3 });
  return hunks
    .map(({ oldStart, oldLines, newStart, newLines, lines }) =>
      [`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`].concat(lines).join("\n"),
    )
    .join("\n");
}
