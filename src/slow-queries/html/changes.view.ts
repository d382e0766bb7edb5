import { partsBar, timeChart, type Span } from "../../output/charts.ts";
import { html, htmlTable, type Markup } from "../../output/html.ts";
import { formatMoment, formatNumber, formatTime } from "../../output/units.ts";
import { addedText, changeText, comparedTime, paceText } from "../changes.view.ts";
import type { ChangedStatement, Comparison, Interval } from "../results.ts";
import { figureList, ownerMarkup, statementText } from "./parts.view.ts";

/** How many changed statements are shown. */
const most = 10;

/** Shows what differs from an earlier window, and by how much; what costs most more comes first. */
export function comparisonSection(comparison: Comparison): Markup {
  const { statements } = comparison;
  const shown = statements.slice(0, most);
  const largest = Math.max(...shown.map(({ addedTime }) => Math.abs(addedTime)));
  return html`<section aria-labelledby="changes">
    <h2 id="changes">Changes from ${comparedTime(comparison)}</h2>
    ${shown.length === 0 ? html`<p class="good">Nothing that matters.</p>` : ""}
    <ol>
      ${shown.map((statement) => changeCard(statement, largest))}
    </ol>
  </section>`;
}

function changeCard(statement: ChangedStatement, largest: number): Markup {
  const { addedTime, before, after, query, queryId } = statement;
  const tone = addedTime > 0 ? "bad" : "good";
  const added = addedText(statement);
  const bar = partsBar(added, [{ name: added, value: Math.abs(addedTime), tone }], largest);
  const figures: [string, string][] = [
    ["Time", added],
    ["Mean then", paceText(before)],
    ["Mean now", paceText(after)],
    ["Calls then", before === null ? "" : formatNumber(before.calls)],
    ["Calls now", after === null ? "" : formatNumber(after.calls)],
    ["Query", queryId],
  ];
  return html`<li class="card">
    <div class="row">
      <h3 class="${tone}">${changeText(statement)}</h3>
      <span class="faint">${ownerMarkup(statement)}</span>
    </div>
    <div class="thin">${bar}</div>
    ${figureList(figures.filter(([, value]) => value !== ""))}${statementText(query)}
  </li> `;
}

/** Shows how many statements were running on average, from snapshot to snapshot. */
export function loadSection(intervals: readonly Interval[]): Markup {
  if (intervals.length === 0) return html``;
  return html`<section aria-labelledby="load">
    <h2 id="load">Load from snapshot to snapshot</h2>
    <div class="card">
      <p class="faint">
        Statements running at the same time, on average (execution time by elapsed time); times in
        UTC
      </p>
      ${chart(intervals, { what: "Statements running on average", value: loadOf, write: loadText })}
      ${table(intervals)}
    </div>
  </section>`;
}

/** Shows how long a call of one statement took, from snapshot to snapshot. */
export function meanSection(intervals: readonly Interval[]): Markup {
  if (intervals.length === 0) return html``;
  return html`<section aria-labelledby="history">
    <h2 id="history">Time per call, from snapshot to snapshot</h2>
    <div class="card">
      <p class="faint">Times in UTC</p>
      ${chart(intervals, { what: "Time per call", value: ({ mean }) => mean, write: formatTime })}
      ${table(intervals)}
    </div>
  </section>`;
}

interface Measure {
  readonly what: string;
  readonly value: (interval: Interval) => number;
  readonly write: (value: number) => string;
}

function chart(intervals: readonly Interval[], { what, value, write }: Measure): Markup {
  const spans = intervals.map((interval): Span => ({
    from: new Date(interval.from),
    to: new Date(interval.to),
    value: value(interval),
    text: `${formatMoment(interval.from)} to ${formatMoment(interval.to)}: ${write(value(interval))}, ${formatNumber(interval.calls)} calls of ${formatTime(interval.mean)}${interval.wasReset ? "; the statistics were reset" : ""}`,
    isMarked: interval.wasReset,
  }));
  const highest = spans.reduce((one, other) => (other.value > one.value ? other : one));
  return timeChart({
    label: `${what}; highest from ${highest.text}. The table below has all values.`,
    spans,
    write,
  });
}

/** Returns how many statements were running on average. */
export function loadOf({ from, to, execTime }: Interval): number {
  return execTime / Math.max(1, Date.parse(to) - Date.parse(from));
}

function loadText(value: number): string {
  return value < 0.1 && value > 0 ? value.toPrecision(1) : formatNumber(value);
}

function table(intervals: readonly Interval[]): Markup {
  const headings = ["From (UTC)", "Until", "Calls", "Execution", "Mean", "Load", ""];
  const rows = intervals.map((interval) => [
    formatMoment(interval.from),
    formatMoment(interval.to),
    formatNumber(interval.calls),
    formatTime(interval.execTime),
    formatTime(interval.mean),
    loadText(loadOf(interval)),
    interval.wasReset ? "reset meanwhile" : "",
  ]);
  return html`<details>
    <summary>As a table</summary>
    ${htmlTable("From snapshot to snapshot", headings, rows)}
  </details>`;
}
