import type { Page } from "../output/output.ts";
import type { LogEvent } from "./results.ts";

/** Shows an event in a line, and below it what failed and what was found. */
export function logView(event: LogEvent, { style }: Page): string {
  const { at, level, job, message, failures = [], findings = [] } = event;
  const word = { info: style.faint, warning: style.attention, error: style.bad }[level];
  const rest = [...failures, ...findings].map((each) => `\n          ${each}`).join("");
  return `${style.faint(at.slice(11, 19))}  ${job === undefined ? "" : `${word(job)}: `}${message}${rest}`;
}
