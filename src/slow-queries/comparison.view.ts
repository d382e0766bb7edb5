import type { Page } from "../output/output.ts";
import { oneLine } from "../output/plain-text.ts";
import { table } from "../output/table.ts";
import { formatMoment, formatNumber, formatTime } from "../output/units.ts";
import { ownerText } from "./head.view.ts";
import { inner, withLines } from "./lines.view.ts";
import type { ChangedStatement, Comparison, Pace } from "./results.ts";

/** Shows what differs from an earlier window: a line for each statement, and its text below. */
export function comparisonText({ window, total, statements }: Comparison, page: Page): string {
  const { style } = page;
  const { from, to, evictions } = window;
  const length = from === null ? "" : ` (${formatTime(Date.parse(to) - Date.parse(from))})`;
  const evicted = (evictions ?? 0) > 0 ? ", statements were evicted: may miss rare queries" : "";
  return [
    `${style.heading("Changes")} from ${from === null ? "?" : formatMoment(from)} – ${formatMoment(to)} UTC${length}, what costs most more first`,
    `  ${style.faint(`Then ${formatTime(total.execTime)} in ${formatNumber(total.calls)} calls${evicted}`)}`,
    statements.length === 0
      ? `  ${style.good("Nothing has changed enough to be told.")}`
      : withLines(changesTable(statements, inner(page)), below(statements, page)),
  ].join("\n");
}

function changesTable(statements: readonly ChangedStatement[], page: Page): string {
  return table(
    [
      { heading: "Change" },
      { heading: "Adds", align: "right" },
      { heading: "Mean then", align: "right" },
      { heading: "Now", align: "right" },
      { heading: "Calls then", align: "right" },
      { heading: "Now", align: "right" },
    ],
    statements.map(({ change, factor, addedTime, before, after }) => [
      `${change}${factor === null ? "" : ` ×${written(factor)}`}`,
      `${addedTime < 0 ? "-" : ""}${formatTime(Math.abs(addedTime))}`,
      mean(before),
      mean(after),
      calls(before),
      calls(after),
    ]),
    page,
  );
}

function written(factor: number): string {
  return factor >= 9.95 ? formatNumber(Math.round(factor)) : String(Number(factor.toPrecision(2)));
}

function mean(pace: Pace | null): string {
  return pace === null ? "" : formatTime(pace.mean);
}

function calls(pace: Pace | null): string {
  return pace === null ? "" : formatNumber(pace.calls);
}

function below(statements: readonly ChangedStatement[], page: Page): string[][] {
  return statements.map((statement) => {
    const place = statement.isTopLevel ? "" : "in a function: ";
    const text = statement.query ?? "(its text is not known)";
    return [
      `${place}${oneLine(text, page.width - 4 - place.length)}`,
      page.style.faint(`query ${statement.queryId}, ${ownerText(statement, 46)}`),
    ];
  });
}
