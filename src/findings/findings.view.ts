import type { Style } from "../output/style.ts";
import { count } from "../output/units.ts";
import type { BaselineEntry, BaselineUse, Level } from "./results.ts";

/** The worst first. */
export const levels: readonly Level[] = ["error", "warning", "note"];

export function coloured(level: Level, style: Style): string {
  if (level === "error") return style.bad(level);
  return level === "warning" ? style.attention(level) : style.faint(level);
}

/** Says how many findings there are of each level: "1 error, 2 notes"; nothing where there are none. */
export function countsOf(findings: readonly { readonly level: Level }[]): string {
  return levels
    .map((level) => [findings.filter((each) => each.level === level).length, level] as const)
    .filter(([number]) => number > 0)
    .map(([number, level]) => count(number, level))
    .join(", ");
}

/** Says what a baseline has kept back, and which of its entries are of no use any more; no block without one. */
export function baselineBlock(baseline: BaselineUse | null, style: Style): string[] {
  if (baseline === null) return [];
  const { suppressed, expired, unused } = baseline;
  return [
    [
      `${style.heading("Baseline")}  keeps ${count(suppressed, "finding")} back`,
      ...expired.map((entry) => entryLine(entry, `expired on ${entry.expires ?? ""}`)),
      ...unused.map((entry) => entryLine(entry, "not found any more: take it out")),
    ].join("\n"),
  ];
}

function entryLine({ key, reason }: BaselineEntry, what: string): string {
  return `  ${key}: ${what}${reason === "" ? "" : ` (${reason})`}`;
}
