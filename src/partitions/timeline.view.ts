import type { Page } from "../output/output.ts";
import type { ParentStatus } from "./results.ts";

/** The signs of a timeline. */
const signs = { covered: "█", odd: "▓", gap: "░", catchAll: "·" } as const;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly sign: string;
}

/** The widest that a timeline is drawn. */
const widest = 72;

/**
 * Draws what has a partition and what lacks one, from the oldest to the newest bound, with a mark below the present.
 * Two lines, or none where there is nothing to draw. The first sign that stands for trouble wins its place.
 */
export function timeline(
  { partitions, gaps }: Pick<ParentStatus, "partitions" | "gaps">,
  { width }: Page,
  now: number,
): string[] {
  const spans = spansOf({ partitions, gaps });
  const begin = Math.min(...spans.map(({ from }) => from), now);
  const end = Math.max(...spans.map(({ to }) => to), now);
  if (spans.length === 0 || end <= begin) return [];
  const shortest = Math.min(...spans.map(({ from, to }) => to - from));
  const labels = [begin, end].map((moment) => new Date(moment).toISOString().slice(0, 10));
  const room = Math.min(widest, width - 28);
  // Two columns for the shortest period, as far as they fit.
  const columns = Math.max(1, Math.min(room, Math.round((2 * (end - begin)) / shortest)));
  const step = (end - begin) / columns;
  const signAt = (column: number): string => {
    const from = begin + column * step;
    const here = spans.filter((span) => span.from < from + step && span.to > from);
    return precedence.find((sign) => here.some((span) => span.sign === sign)) ?? " ";
  };
  const drawn = Array.from({ length: columns }, (_, column) => signAt(column)).join("");
  const mark = Math.min(columns - 1, Math.floor((now - begin) / step));
  return [`${labels[0] ?? ""} ${drawn} ${labels[1] ?? ""}`, `${" ".repeat(11 + mark)}▲ now`];
}

const precedence = [signs.gap, signs.odd, signs.covered];

function spansOf({ partitions, gaps }: Pick<ParentStatus, "partitions" | "gaps">): Span[] {
  const bounded = partitions.flatMap(({ from, to, state }) =>
    from === null || to === null
      ? []
      : [{ from: Date.parse(from), to: Date.parse(to), sign: signOf(state) }],
  );
  const open = gaps.map(({ from, to }) => ({
    from: Date.parse(from),
    to: Date.parse(to),
    sign: signs.gap,
  }));
  return [...bounded, ...open];
}

function signOf(state: string): string {
  return state === "existing" ? signs.covered : signs.odd;
}
