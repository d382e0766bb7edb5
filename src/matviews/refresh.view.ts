import { failureLines } from "../output/failure-lines.ts";
import type { Page, View } from "../output/output.ts";
import { table, type Column } from "../output/table.ts";
import { count, formatBytes, formatDuration, shortName } from "../output/units.ts";
import { reasonText } from "./reason.view.ts";
import type { RefreshedView, RefreshResult } from "./results.ts";
import { wayWords } from "./way.view.ts";

/** Says what was done in all, then of each view what, why and at which cost, then why some failed. */
export const refreshView: View<RefreshResult> = (result, page) => {
  const { database, views, stopped } = result;
  const { style } = page;
  if (views.length === 0) {
    return `${style.good("Nothing to refresh")}: no materialized view of database "${database}" is among those wanted.`;
  }
  return [
    summary(result, page),
    "",
    viewTable(views, page),
    ...failures(views, page),
    ...(stopped === null
      ? []
      : [
          "",
          [style.bad(stopped.message), stopped.detail, stopped.hint]
            .filter((line) => line !== undefined)
            .join("\n  "),
        ]),
  ].join("\n");
};

type Outcome = RefreshedView["outcome"];

function summary({ database, dryRun, views }: RefreshResult, { style }: Page): string {
  const counted = (...outcomes: Outcome[]): number =>
    views.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const done = counted("refreshed", "planned");
  const all = `${count(views.length, "materialized view")} of database "${database}"`;
  const verb = dryRun ? "Would refresh" : "Refreshed";
  const first =
    done === 0 ? `${style.heading(verb)} none of ${all}` : `${style.good(verb)} ${done} of ${all}`;
  const others = [
    [counted("depends"), "more if those change", style.heading],
    [counted("skipped"), "skipped", style.heading],
    [counted("failed"), dryRun ? "would fail" : "failed", style.bad],
    [counted("stopped"), "stopped", style.bad],
    [counted("not begun"), "not begun", style.attention],
  ] as const;
  const rest = others
    .filter(([number]) => number > 0)
    .map(([number, words, colour]) => colour(`${number} ${words}`));
  return `${[first, ...rest].join(", ")}.`;
}

/** What is measured has no column where nothing was refreshed. */
function viewTable(views: readonly RefreshedView[], page: Page): string {
  const known = ({ of }: Measure): boolean => views.some((view) => of(view) !== null);
  const time = [measuredTime].filter((each) => known(each));
  const measures = measured.filter((each) => known(each));
  return table(
    [{ heading: "View" }, { heading: "Done" }, ...time, { heading: "Why" }, ...measures],
    views.map((view) => [
      shortName(view.view),
      doneText(view, page),
      ...time.map(({ of }) => of(view) ?? ""),
      reasonText(view),
      ...measures.map(({ of }) => of(view) ?? ""),
    ]),
    page,
  );
}

interface Measure extends Column {
  readonly of: (view: RefreshedView) => string | null;
}

const measuredTime = measure("Time", ({ duration }) => duration, formatDuration);

/** What a narrow page can do without, the last first. */
const measured: readonly Measure[] = [
  measure("Rows", ({ rows }) => rows, String),
  measure("Changed", ({ changedRows }) => changedRows, String),
  measure("WAL", ({ walBytes }) => walBytes, formatBytes),
];

function measure(
  heading: string,
  valueOf: (view: RefreshedView) => number | null,
  format: (value: number) => string,
): Measure {
  const of = (view: RefreshedView): string | null => {
    const value = valueOf(view);
    return value === null ? null : format(value);
  };
  return { heading, align: "right", optional: true, of };
}

function doneText({ outcome, mode }: RefreshedView, { style }: Page): string {
  if (outcome === "refreshed" || outcome === "planned") {
    const way = mode === null ? outcome : wayWords[mode];
    return outcome === "refreshed" ? style.good(way) : way;
  }
  const colours = {
    depends: style.heading,
    skipped: style.faint,
    "not begun": style.attention,
    failed: style.bad,
    stopped: style.bad,
  };
  return colours[outcome](outcome === "depends" ? "perhaps" : outcome);
}

function failures(views: readonly RefreshedView[], { style }: Page): string[] {
  return views.flatMap(({ view, failure }) =>
    failure === null
      ? []
      : [
          "",
          `${style.bad("Failed")}: ${shortName(view)}${failure.sqlState === null ? "" : ` (SQLSTATE ${failure.sqlState})`}`,
          ...failureLines(failure)
            .flatMap((text) => text.split("\n"))
            .map((line) => `  ${line}`),
        ],
  );
}
