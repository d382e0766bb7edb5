import type { Progress } from "./output.ts";

/** A line for each beginning and each end, for files, pipes and CI logs. */
export function lineProgress(write: (text: string) => void): Progress {
  return { begin: write, succeed: write, fail: write };
}
