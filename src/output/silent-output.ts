import type { Output, Progress } from "./output.ts";

/** Shows no steps. */
export const silentProgress: Progress = {
  begin: () => {},
  succeed: () => {},
  update: () => {},
  fail: () => {},
};

/** For work whose result is all that is to be seen. */
export const silentOutput: Output = {
  result: () => {},
  line: () => {},
  document: () => {},
  screens: async () =>
    Promise.resolve({
      show: () => {},
      delay: () => {},
      end: () => {},
      closed: AbortSignal.abort(),
    }),
  note: () => {},
  warn: () => {},
  preview: () => {},
  confirm: async () => Promise.resolve(),
  progress: async () => Promise.resolve(silentProgress),
  error: async () => Promise.resolve(),
};
