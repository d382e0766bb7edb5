import { formatMoment, formatTime } from "../output/units.ts";
import type { ChangedStatement, Comparison, Pace } from "./results.ts";

/** Says how a statement has changed: "3.2 times slower", "new". */
export function changeText({ change, factor }: ChangedStatement): string {
  if (factor === null || factor === 0) return change;
  const times = change === "faster" ? 1 / factor : factor;
  return `${times >= 9.95 ? Math.round(times) : times.toFixed(1)} times ${change}`;
}

/** Writes the mean of a time in which it ran. */
export function paceText(pace: Pace | null): string {
  return pace === null ? "" : formatTime(pace.mean);
}

/** Says what a change costs: "+1.25 min", and what it saves: "−3.00 s". */
export function addedText({ addedTime }: Pick<ChangedStatement, "addedTime">): string {
  return `${addedTime < 0 ? "−" : "+"}${formatTime(Math.abs(addedTime))}`;
}

/** Names the time with which the one that is shown is compared. */
export function comparedTime({ window: { from, to } }: Comparison): string {
  const length = from === null ? "" : ` (${formatTime(Date.parse(to) - Date.parse(from))})`;
  return `${from === null ? "?" : formatMoment(from)} – ${formatMoment(to)} UTC${length}`;
}
