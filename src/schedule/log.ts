import type { Output } from "../output/output.ts";
import { logView } from "./log.view.ts";
import type { LogEvent } from "./results.ts";

/** Writes what happens, each as a line. */
export type Log = (
  event: Omit<LogEvent, "at" | "level"> & Partial<Pick<LogEvent, "level">>,
) => void;

export function logTo(output: Output): Log {
  return (event) => {
    output.line<LogEvent>({ at: new Date().toISOString(), level: "info", ...event }, logView);
  };
}

/** Makes an output that writes what a job says while it runs into the log; its result is the caller's. */
export function jobOutput(output: Output, log: Log, job: string): Output {
  const tell = (level: LogEvent["level"]) => (message: string) => {
    log({ event: "job note", level, job, message });
  };
  return {
    ...output,
    result: () => {},
    preview: () => {},
    note: tell("info"),
    warn: tell("warning"),
    progress: async () =>
      Promise.resolve({ begin: () => {}, succeed: () => {}, update: () => {}, fail: () => {} }),
  };
}
