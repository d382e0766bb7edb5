import type { Page, View } from "../../output/output.ts";
import { failuresText, tally, worthRows } from "../../output/several.ts";
import type { Style } from "../../output/style.ts";
import { table } from "../../output/table.ts";
import { count, countEach } from "../../output/units.ts";
import type { StatusTargetsResult } from "./results.ts";

type TargetResult = StatusTargetsResult["targets"][number];

/** A row for each database, or of many for each that is not current; then the errors and the counts. */
export const statusTargetsView: View<StatusTargetsResult> = (result, page) =>
  [
    targetTable(result, page),
    failuresText(result.targets, page),
    [counts(result, page.style), ...advice(result, page.style)].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

function targetTable({ targets }: StatusTargetsResult, page: Page): string {
  const shown = worthRows(targets, ({ state }) => state !== "current");
  if (shown.length === 0) return "";
  return table(
    [
      { heading: "Database" },
      { heading: "State" },
      { heading: "Applied", align: "right" },
      { heading: "Pending" },
      { heading: "Newest" },
    ],
    shown.map(({ target, state, applied, pending, newest }) => [
      target,
      coloured(state, page.style),
      applied === null ? "" : String(applied),
      countEach([pending?.migrations ?? 0, "migration"], [pending?.definitions ?? 0, "file"]),
      newest ?? "",
    ]),
    page,
  );
}

function coloured(state: TargetResult["state"], style: Style): string {
  if (state === "current") return style.good(state);
  return state === "pending" || state === "not run" ? style.attention(state) : style.bad(state);
}

function counts({ totals }: StatusTargetsResult, style: Style): string {
  const said = tally([
    [totals.current, "current", style.good],
    [totals.pending, "with something pending", style.attention],
    [totals.disagrees, totals.disagrees === 1 ? "disagrees" : "disagree", style.bad],
    [totals.failed, "failed", style.bad],
    [totals.notRun, "not run", style.attention],
  ]);
  return `${count(totals.targets, "database")}: ${said}.`;
}

function advice({ targets }: StatusTargetsResult, style: Style): string[] {
  const wrong = targets.find(({ state }) => state === "disagrees");
  return wrong === undefined
    ? []
    : [style.bad(`"doramaflix-db status" for database "${wrong.target}" alone says in what.`)];
}
