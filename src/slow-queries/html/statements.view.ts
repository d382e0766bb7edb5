import { partsBar } from "../../output/charts.ts";
import { html, type Markup } from "../../output/html.ts";
import { oneLine } from "../../output/plain-text.ts";
import { formatPercent } from "../../output/units.ts";
import { documentPage, explanationLines } from "../explain/explanation.view.ts";
import { period } from "../head.view.ts";
import type { StatementReport, StatementsReport } from "../results.ts";
import { contents, figuresFor, setAside, sortWords } from "../statements.view.ts";
import { figureList, ownerMarkup, queryHint, statementText } from "./parts.view.ts";

/** How many statements have a colour of their own. */
const toned = 5;

/** Shows where the time goes, and the statements that cost most. */
export function statementsSection(report: StatementsReport): Markup {
  const { statements, sort } = report;
  return html`<section aria-labelledby="statements">
    <h2 id="statements">Statements ${period(report)}, ${sortWords[sort]} first</h2>
    <p class="faint">${[contents(report), ...setAside(report)].join(". ")}</p>
    ${statements.length === 0 ? html`<p class="good">No statement to show.</p>` : shares(report)}
    <ol>
      ${statements.map((statement, place) => statementCard(statement, { place, report }))}
    </ol>
  </section>`;
}

/** What a function ran is in the time of the call already. */
function shares({ statements, total }: StatementsReport): Markup {
  const own = statements
    .map((statement, place) => ({ statement, number: place + 1 }))
    .filter(({ statement }) => statement.isTopLevel)
    .slice(0, toned)
    .map(({ statement: { execTime, share, query }, number }, place) => ({
      name: `${number}: ${formatPercent(share)}`,
      value: execTime,
      tone: place + 1,
      legend: html`<a href="#query-${number}">${number}: ${formatPercent(share)}</a>
        <code>${oneLine(query ?? "", 36)}</code>`,
    }));
  const rest = Math.max(
    0,
    own.reduce((sum, { value }) => sum - value, total.execTime),
  );
  const others = `all others: ${formatPercent(total.execTime > 0 ? rest / total.execTime : 0)}`;
  const parts = [
    ...own,
    { name: others, value: rest, tone: "rest" as const, legend: html`${others}` },
  ];
  const label = `Shares of the execution time. ${parts.map(({ name }) => name).join(", ")}`;
  return html`<div class="card">
    <h3>Where the time goes</h3>
    ${partsBar(label, parts, total.execTime)}
    <ul class="legend">
      ${parts.map(({ legend, tone }) => html`<li><span class="dot tone-${tone}"></span>${legend}</li>`)}
    </ul>
  </div>`;
}

function statementCard(
  statement: StatementReport,
  { place, report }: { readonly place: number; readonly report: StatementsReport },
): Markup {
  const { share, queryId, isTopLevel, query, advice, execTime, explanation } = statement;
  const figures = figuresFor(report).map(({ heading, write }): [string, string] => [
    heading,
    write(statement),
  ]);
  const bar = partsBar(
    `${formatPercent(share)} of the time`,
    [{ name: formatPercent(share), value: execTime, tone: 1 }],
    report.total.execTime,
  );
  return html`<li class="card" id="query-${place + 1}">
    <div class="row">
      <h3>${place + 1}. ${formatPercent(share)} of the time</h3>
      <span class="faint">${isTopLevel ? "" : "in a function, "}${ownerMarkup(statement)}</span>
    </div>
    <div class="thin">${bar}</div>
    ${figureList(figures.filter(([, value]) => value !== ""))}${statementText(query)}
    ${
      explanation === null
        ? ""
        : html`<pre>${explanationLines(explanation, documentPage).join("\n")}</pre>`
    }
    ${advice.map(({ message }) => html`<p>${message}</p>`)}${queryHint(queryId)}
  </li> `;
}
