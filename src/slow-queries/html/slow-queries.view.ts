import { html, page, type Markup } from "../../output/html.ts";
import type { DocumentView } from "../../output/output.ts";
import { count, formatNumber, formatPercent, formatTime } from "../../output/units.ts";
import { blockersAmong } from "../blocking.view.ts";
import { period } from "../head.view.ts";
import type { SlowQueriesResult } from "../results.ts";
import { comparisonSection, loadSection } from "./changes.view.ts";
import { notesSection, pageHead } from "./parts.view.ts";
import { runningSection } from "./running.view.ts";
import { statementsSection } from "./statements.view.ts";
import { stepsSection } from "./steps.view.ts";

/** Makes a page that answers first what is slow now, since when, and what to do, and then shows why. */
export const slowQueriesPage: DocumentView<SlowQueriesResult> = (result) => {
  const { running, statements, comparison, timeline, notes, database } = result;
  return page(
    `Slow queries of ${database}`,
    html`${pageHead("What is slow", result)}
      <main>
        <div class="answers">${answers(result)}</div>
        ${stepsSection(result)} ${runningSection(running)}
        ${statements === null ? "" : statementsSection(statements)}
        ${comparison === null ? "" : comparisonSection(comparison)} ${loadSection(timeline)}
        ${statements === null ? "" : notesSection(notes)}
      </main>`,
  );
};

function answers({ running, statements }: SlowQueriesResult): Markup[] {
  return [answerNow(running), ...(statements === null ? [] : answersSince(statements))];
}

interface Answer {
  readonly question: string;
  readonly answer: string;
  readonly more: string;
  readonly tone?: "bad" | "good";
}

function card({ question, answer, more, tone }: Answer): Markup {
  return html`<div class="card${tone === "bad" ? " bad-card" : ""}">
    <p class="question">${question}</p>
    <p class="answer ${tone ?? ""}">${answer}</p>
    <p class="faint">${more}</p>
  </div> `;
}

function answerNow(running: SlowQueriesResult["running"]): Markup {
  const question = "Now";
  const waiting = running.filter(({ blockedBy }) => blockedBy.length > 0).length;
  const blockers = blockersAmong(running);
  const [oldest] = running;
  const longest =
    oldest === undefined || oldest.age === null
      ? ""
      : `the oldest for ${formatTime(Math.max(0, oldest.age))}`;
  if (blockers.length > 0) {
    const more = `held up by ${blockers
      .map(({ name }) => name)
      .slice(0, 3)
      .join(", ")}; ${longest}`;
    return card({ question, answer: `${count(waiting, "session")} blocked`, more, tone: "bad" });
  }
  if (oldest === undefined) {
    return card({ question, answer: "Nothing runs", more: "nobody waits", tone: "good" });
  }
  return card({ question, answer: `${count(running.length, "session")} at work`, more: longest });
}

function answersSince(statements: NonNullable<SlowQueriesResult["statements"]>): Markup[] {
  const { total, statements: listed } = statements;
  const [worst] = listed;
  return [
    card({
      question: "Since when",
      answer: statements.from === null ? "Not known" : spanText(statements.from, statements.to),
      more: `${period(statements)}: ${formatTime(total.execTime)} in ${formatNumber(total.calls)} calls`,
    }),
    ...(worst === undefined
      ? []
      : [
          card({
            question: "The worst statement",
            answer: `${formatPercent(worst.share)} of the time`,
            more: `${formatNumber(worst.calls)} calls of ${formatTime(worst.mean)}`,
          }),
        ]),
  ];
}

function spanText(from: string, to: string): string {
  return formatTime(Date.parse(to) - Date.parse(from));
}
