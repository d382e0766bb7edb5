import type { Page, View } from "../../output/output.ts";
import { failuresText, tally, worthRows } from "../../output/several.ts";
import type { Style } from "../../output/style.ts";
import { table } from "../../output/table.ts";
import { count, countEach, formatDuration } from "../../output/units.ts";
import type { MigrateTargetsResult } from "./results.ts";

type TargetResult = MigrateTargetsResult["targets"][number];

/** A row for each database, or of many for each that failed; then the errors, the counts and what to do. */
export const migrateTargetsView: View<MigrateTargetsResult> = (result, page) =>
  [
    targetTable(result, page),
    failuresText(result.targets, page),
    [counts(result, page.style), ...advice(result, page.style)].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

function targetTable({ targets, dryRun }: MigrateTargetsResult, page: Page): string {
  const shown = worthRows(targets, ({ state }) => state === "failed");
  if (shown.length === 0) return "";
  return table(
    [
      { heading: "Database" },
      { heading: "State" },
      { heading: dryRun ? "Would apply" : "Applied" },
      { heading: "Took", align: "right" },
    ],
    shown.map(({ target, state, migrations, definitions, duration }) => [
      target,
      coloured(state, page.style),
      countEach([migrations?.length ?? 0, "migration"], [definitions?.length ?? 0, "file"]),
      duration === null ? "" : formatDuration(duration),
    ]),
    page,
  );
}

function coloured(state: TargetResult["state"], style: Style): string {
  if (state === "failed") return style.bad(state);
  return state === "not run" || state === "would migrate"
    ? style.attention(state)
    : style.good(state);
}

function counts({ totals }: MigrateTargetsResult, style: Style): string {
  const said = tally([
    [totals.migrated, "migrated", style.good],
    [totals.wouldMigrate, "would be migrated", style.attention],
    [totals.nothingPending, "with nothing pending", style.good],
    [totals.failed, "failed", style.bad],
    [totals.notRun, "not run", style.attention],
  ]);
  return `${count(totals.targets, "database")} in ${formatDuration(totals.duration)}: ${said}.`;
}

function advice({ targets, totals }: MigrateTargetsResult, style: Style): string[] {
  const left = totals.failed + totals.notRun;
  if (left === 0) return [];
  const [canary] = targets;
  const why =
    canary?.state === "failed" && totals.notRun > 0
      ? [`The canary "${canary.target}" failed, so no other database was touched.`]
      : [];
  return [
    ...why,
    style.attention(
      `Left: ${count(left, "database")}. Remove the cause and run the same command again: it goes on with what is left.`,
    ),
  ];
}
