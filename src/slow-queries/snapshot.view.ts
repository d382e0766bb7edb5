import type { View } from "../output/output.ts";
import { count, formatBytes, formatMoment } from "../output/units.ts";
import { notesText } from "./notes.view.ts";
import type { SnapshotResult } from "./results.ts";

/** Says what a snapshot stored, what is stored in all, and how to look at it. */
export const snapshotView: View<SnapshotResult> = (result, page) => {
  const { style } = page;
  const { snapshotId, statements, changedStatements, newTexts, deletedSnapshots } = result;
  const deleted =
    deletedSnapshots === 0 ? "" : `, ${count(deletedSnapshots, "older snapshot")} deleted`;
  return [
    [
      `${style.good(`Snapshot ${snapshotId}`)} of ${formatMoment(result.takenAt)} UTC is stored in database "${result.database}".`,
      `  ${count(statements, "statement")}, ${changedStatements} changed, ${count(newTexts, "new text")}${deleted}`,
      `  ${count(result.storedSnapshots, "snapshot")} since ${formatMoment(result.oldest)} UTC, ${formatBytes(result.bytes)} with indexes`,
    ].join("\n"),
    ...notesText(result.notes, page),
    style.faint(`What has run since: doramaflix-db slow-queries --since ${snapshotId}`),
  ].join("\n\n");
};
