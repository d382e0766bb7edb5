import type { View } from "../../output/output.ts";
import type { DdlRecordingResult } from "./results.ts";

/** Says whether changes of the schema are recorded now. */
export const recordDdlView: View<DdlRecordingResult> = (
  { database, isRecorded, changed },
  { style },
) => {
  const state = isRecorded
    ? `${style.good("Every change")} of the schema of database "${database}" is recorded`
    : `${style.good("No change")} of the schema of database "${database}" is recorded`;
  return `${state}${changed ? " from now on" : ", as before"}.`;
};
