import type { View } from "../../output/output.ts";
import { count } from "../../output/units.ts";
import { diffLines } from "./diff.view.ts";
import type { SnapshotResult } from "./results.ts";

/** Says what became of the file; shows how it differs where it is stale. */
export const snapshotView: View<SnapshotResult> = (result, { style }) => {
  const { file, serverVersion, objects, state, diff } = result;
  const what = `${count(objects, "object")} on PostgreSQL ${serverVersion}`;
  if (state === "written") return `${style.good("Wrote")} "${file}": ${what}.`;
  if (state === "current") return `${style.good("Current")}: "${file}" has what there is, ${what}.`;
  if (state === "absent")
    return `${style.bad("Absent")}: there is no "${file}". "doramaflix-db snapshot-schema" writes it.`;
  return [
    `${style.bad("Stale")}: "${file}" is not what the project makes; "-" is the file's.`,
    ...diffLines(diff, style),
    'Run "doramaflix-db snapshot-schema", read the difference, and commit it.',
  ].join("\n");
};
