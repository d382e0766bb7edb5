import { html, htmlTable, page, type Markup } from "../../output/html.ts";
import type { DocumentView } from "../../output/output.ts";
import { formatNumber, formatPercent, formatTime } from "../../output/units.ts";
import { documentPage, explanationText } from "../explain/explanation.view.ts";
import { ownerText, period } from "../head.view.ts";
import type { SlowQueryResult } from "../results.ts";
import { figureColumns, figureRows } from "../slow-query.view.ts";
import { meanSection } from "./changes.view.ts";
import { figureList, notesSection, pageHead } from "./parts.view.ts";

/** Makes a page of one statement: what to do about it, its text, its time, all its figures, and whose it is. */
export const slowQueryPage: DocumentView<SlowQueryResult> = (result) => {
  const { queryId, query, figures, window, entries, advice, history, notes, explanation } = result;
  return page(
    `Query ${queryId}`,
    html`${pageHead(`Query ${queryId}`, result)}
      <main>
        <div class="card">
          ${figureList([
            ["Share of the time", formatPercent(figures.share)],
            ["Total", formatTime(figures.execTime)],
            ["Calls", formatNumber(figures.calls)],
            ["Mean", formatTime(figures.mean)],
          ])}
          <p class="faint">${period(window)}</p>
        </div>
        ${
          advice.length === 0
            ? ""
            : html`<section aria-labelledby="steps">
                <h2 id="steps">What to do</h2>
                <ol class="steps">
                  ${advice.map(({ message }) => html`<li class="card"><p>${message}</p></li>`)}
                </ol>
              </section>`
        }
        <section aria-labelledby="text">
          <h2 id="text">Statement</h2>
          <pre>${query ?? "(its text has been evicted)"}</pre>
        </section>
        ${
          explanation === null
            ? ""
            : html`<section aria-labelledby="plan">
                <h2 id="plan">Plan</h2>
                <pre>${explanationText(explanation, documentPage)}</pre>
              </section>`
        }
        ${meanSection(history)}
        <section aria-labelledby="figures">
          <h2 id="figures">Figures</h2>
          <div class="card numbers">
            ${htmlTable(
              "Figures",
              figureColumns.map(({ heading }) => heading),
              figureRows(figures),
            )}
          </div>
        </section>
        ${entriesSection(entries)} ${notesSection(notes)}
      </main>`,
  );
};

function entriesSection(entries: SlowQueryResult["entries"]): Markup {
  return html`<section aria-labelledby="entries">
    <h2 id="entries">Who runs it</h2>
    <div class="card numbers">
      ${htmlTable(
        "Who runs it",
        ["Role and database", "Calls", "Total", "Mean"],
        entries.map((entry) => [
          `${ownerText(entry, 130)}${entry.isTopLevel ? "" : ", in a function"}`,
          formatNumber(entry.calls),
          formatTime(entry.execTime),
          formatTime(entry.mean),
        ]),
      )}
    </div>
  </section>`;
}
