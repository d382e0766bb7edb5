import type { Page, View } from "../output/output.ts";
import { table } from "../output/table.ts";
import { count, formatBytes, shortName } from "../output/units.ts";
import { formatAge } from "./reason.view.ts";
import type { StatusResult, ViewStatus } from "./results.ts";
import { detailLines } from "./status-details.view.ts";

/** Shows a line for each view, then what there is to say of some; `whole`: everything of each. */
export function statusView(whole: boolean): View<StatusResult> {
  return (result, page) => {
    const { database, views } = result;
    const { style } = page;
    if (views.length === 0 && result.policiesWithoutView.length === 0)
      return `Database "${database}" has ${style.attention("no materialized view")}.`;
    return [
      summary(result, page),
      "",
      ...(views.length === 0 ? [] : [viewTable(views, page)]),
      ...views.flatMap((view) => detailsOf(view, { whole, page })),
      ...(whole ? [] : neverRefreshed(views, page)),
      ...lostPolicies(result, page),
    ].join("\n");
  };
}

function summary({ database, views, recordsAll }: StatusResult, { style }: Page): string {
  const counted = (isOne: (view: ViewStatus) => boolean): number => views.filter(isOne).length;
  const amiss = [
    [counted(({ populated }) => !populated), "without data"],
    [counted(({ failures }) => failures.number > 0), "failed"],
    [counted(({ stale, populated }) => stale && populated), "stale"],
  ] as const;
  const parts = amiss
    .filter(([number]) => number > 0)
    .map(([number, words]) => style.bad(`${number} ${words}`));
  const first = `${count(views.length, "materialized view")} of database "${database}"`;
  const recording = recordsAll
    ? "Refreshes by others are recorded."
    : 'Refreshes by others are not recorded: "doramaflix-db views record-refreshes".';
  return `${[first, ...parts].join(", ")}.\n${style.faint(recording)}`;
}

function viewTable(views: readonly ViewStatus[], page: Page): string {
  return table(
    [
      { heading: "View" },
      { heading: "State" },
      { heading: "Age", align: "right" },
      { heading: "Every", align: "right" },
      { heading: "Rows", align: "right", optional: true },
      { heading: "Size", align: "right", optional: true },
      { heading: "Level", align: "right", optional: true },
    ],
    views.map((view) => [
      shortName(view.view),
      stateText(view, page),
      view.age === null ? "not known" : formatAge(view.age),
      view.policy === null ? "" : formatAge(view.policy.every),
      view.rows === null ? "?" : String(view.rows),
      formatBytes(view.size),
      String(view.level),
    ]),
    page,
  );
}

function stateText(view: ViewStatus, { style }: Page): string {
  if (view.refreshedNowBy !== null) return style.heading("at work");
  if (!view.populated) return style.bad("no data");
  if (view.failures.number > 0) return style.bad("failed");
  if (view.stale) return style.bad("stale");
  if (view.policy !== null) return style.good("fresh");
  // Its rows are those of its last refresh; whether they are still right only a refresh can tell.
  if (view.changes.state === "unchanged" && view.changes.alsoWith.length > 0)
    return style.faint("may differ");
  return {
    unchanged: style.good,
    changed: style.heading,
    replaced: style.heading,
    unknown: style.faint,
  }[view.changes.state](stateWords[view.changes.state]);
}

/** Of a view without a policy, for which nothing is too old. */
const stateWords = {
  unchanged: "unchanged",
  changed: "rows changed",
  replaced: "rows changed",
  unknown: "not known",
} as const;

function detailsOf(
  view: ViewStatus,
  { whole, page }: { readonly whole: boolean; readonly page: Page },
): string[] {
  const lines = detailLines(view, { whole, style: page.style });
  if (lines.length === 0) return [];
  return ["", page.style.heading(shortName(view.view)), ...lines.map((line) => `  ${line}`)];
}

function neverRefreshed(views: readonly ViewStatus[], { style }: Page): string[] {
  const names = views
    .filter(({ lastRefresh }) => lastRefresh === null)
    .map(({ view }) => shortName(view));
  if (names.length === 0) return [];
  return ["", `${style.attention("Never refreshed by the toolkit")}: ${names.join(", ")}.`];
}

function lostPolicies({ policiesWithoutView: lost }: StatusResult, { style }: Page): string[] {
  if (lost.length === 0) return [];
  const names = lost.map(({ schema, view }) => shortName(`${schema}.${view}`)).join(", ");
  return [
    "",
    `${style.attention("Policies whose view is gone")}: ${names}. Delete them from matview_policies, or create the views.`,
  ];
}
