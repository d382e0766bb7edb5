import { html, page, type Markup } from "../../output/html.ts";
import type { DocumentView } from "../../output/output.ts";
import { oneLine } from "../../output/plain-text.ts";
import {
  count,
  formatMoment,
  formatNumber,
  formatPercent,
  formatTime,
} from "../../output/units.ts";
import { blockersAmong } from "../blocking.view.ts";
import type { Interval, SlowQueriesResult } from "../results.ts";
import { comparisonSection, loadOf, loadSection } from "./changes.view.ts";
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
        ${stepsSection(result)} ${runningSection(running)} ${loadSection(timeline)}
        ${comparison === null ? "" : comparisonSection(comparison)}
        ${statements === null ? "" : statementsSection(statements)}
        ${statements === null ? "" : notesSection(notes)}
      </main>`,
  );
};

function answers(result: SlowQueriesResult): Markup[] {
  return [answerNow(result.running), ...answersSince(result)];
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

function answersSince({ statements, timeline }: SlowQueriesResult): Markup[] {
  if (statements === null) return [];
  const { total, from, to } = statements;
  const [worst] = statements.statements;
  const length = from === null ? "" : `${formatTime(Date.parse(to) - Date.parse(from))}, in which `;
  return [
    card({
      question: "Since",
      answer: from === null ? "Not known" : `${formatMoment(from).slice(0, -3)} UTC`,
      more: `${length}${formatNumber(total.calls)} calls took ${formatTime(total.execTime)}${busiest(timeline)}`,
    }),
    ...(worst === undefined
      ? []
      : [
          card({
            question: "The worst statement",
            answer: `${formatPercent(worst.share)} of the time`,
            more: `${formatNumber(worst.calls)} calls of ${formatTime(worst.mean)}: ${oneLine(worst.query ?? "", 80)}`,
          }),
        ]),
  ];
}

function busiest(timeline: readonly Interval[]): string {
  if (timeline.length < 2) return "";
  const { from } = timeline.reduce((one, other) => (loadOf(other) > loadOf(one) ? other : one));
  return `; busiest from ${formatMoment(from)} UTC on`;
}
