import type { Progress } from "./output.ts";

/** How long nothing more is said of a step that goes on, in milliseconds. */
const pause = 30_000;

/** A line for each beginning and each end, for files, pipes and CI logs; after a failure the error comes next. */
export function lineProgress(write: (text: string) => void): Progress {
  let written = performance.now();
  const line = (text: string): void => {
    written = performance.now();
    write(text);
  };
  return {
    begin: line,
    succeed: line,
    update: (text) => {
      if (performance.now() - written >= pause) line(text);
    },
    fail: () => {},
  };
}
