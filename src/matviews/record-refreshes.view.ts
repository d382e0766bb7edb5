import type { View } from "../output/output.ts";
import type { RecordingResult } from "./results.ts";

/** Says whether everybody's refreshes are recorded now. */
export const recordRefreshesView: View<RecordingResult> = (
  { database, recordsAll, changed },
  { style },
) => {
  const state = recordsAll
    ? `${style.good("Every refresh")} in database "${database}" is recorded`
    : `${style.good("Only the refreshes by this tool")} in database "${database}" are recorded`;
  return `${state}${changed ? " from now on" : ", as before"}.`;
};
