import { count, formatMoment, shortName } from "../output/units.ts";
import type { RefreshedView } from "./results.ts";

/** Says in a few words why a view was refreshed in its way, or why it was not. */
export function reasonText(view: RefreshedView): string {
  const { outcome, reason, after } = view;
  if (outcome === "depends")
    return `after ${listed(after)}, if ${after.length === 1 ? "that" : "one"} changes`;
  const code = reason ?? "";
  const words = skipped[code]?.(view) ?? wayReason(view) ?? code;
  return outcome === "planned" && after.length > 0 ? `${words}; after ${listed(after)}` : words;
}

const skipped: Readonly<Record<string, (view: RefreshedView) => string>> = {
  unchanged: ({ since }) =>
    since === null ? "nothing has changed" : `nothing has changed since ${shortMoment(since)}`,
  // One name is enough to know why; "views status" has all.
  not_due: ({ changesWith, dueIn }) =>
    `due in ${formatAge(dueIn ?? 0)} (changes with ${changesWith[0] ?? "time"})`,
  being_refreshed: ({ processId }) =>
    `another session refreshes it${processId === null ? "" : ` (process ${processId})`}`,
  source_failed: ({ after }) => `needs ${listed(after)}, which failed`,
};

/** Why a refresh was done in its way, by the engine's code. */
const wayReasons: Readonly<Record<string, string>> = {
  not_populated: "was not populated",
  forced: "as asked for",
  no_unique_index: "no unique index",
  cannot_swap: "cannot be swapped",
  small: "small",
  fast: "fastest",
  saves_wal: "writes little WAL",
  most_rows_change: "most rows change",
  bloated: "bloated",
  readers_in_the_way: "readers in the way",
  by_others: "not by the toolkit",
};

/** Undefined for a code that is none. */
export function wayReason({
  mode,
  reason,
}: Pick<RefreshedView, "mode" | "reason">): string | undefined {
  const words = wayReasons[reason ?? ""];
  return mode === "plain" && reason === "no_unique_index" ? `${words}, no swap` : words;
}

function listed(views: readonly string[]): string {
  return views.map((view) => shortName(view)).join(" and ");
}

/** Of today only the time of day, in UTC. */
export function shortMoment(iso: string): string {
  const [day = "", time = ""] = formatMoment(iso).split(" ");
  const minutes = time.slice(0, 5);
  return day === new Date().toISOString().slice(0, 10) ? minutes : `${day} ${minutes}`;
}

/** Writes how long ago something was, or how long it will take, in the unit that fits: "12 min", "1 h", "3 days". */
export function formatAge(milliseconds: number): string {
  const units = [
    [86_400_000, "day"],
    [3_600_000, "h"],
    [60_000, "min"],
  ] as const;
  for (const [unit, name] of units) {
    const number = Math.floor(milliseconds / unit);
    // Below two of a unit the next smaller one says more, unless it is exactly one.
    if (number < 1 || (number === 1 && milliseconds !== unit && name !== "min")) continue;
    return name === "day" ? count(number, name) : `${number} ${name}`;
  }
  return `${Math.round(milliseconds / 1000)} s`;
}
