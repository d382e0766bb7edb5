import { html, type Markup } from "../../output/html.ts";
import { count, formatNumber, formatPercent, formatTime } from "../../output/units.ts";
import { blockersAmong } from "../blocking.view.ts";
import { addedText, changeText } from "../changes.view.ts";
import type { SlowQueriesResult, StatementReport } from "../results.ts";
import { cureText, queryCommand } from "./parts.view.ts";

/** How many steps of a kind are shown: who has to act has time for the first ones. */
const most = 3;

/** A statement is worth a look from that share of the time on, and a change from that share of all of it. */
const worthwhile = { share: 0.1, change: 0.02 } as const;

/** Says what to do, the most urgent first. */
export function stepsSection(result: SlowQueriesResult): Markup {
  const steps = [...endBlockers(result), ...makeVisible(result), ...lookAt(result)];
  return html`<section aria-labelledby="steps">
    <h2 id="steps">What to do</h2>
    ${
      steps.length === 0
        ? html`<p class="good">Nothing stands out.</p>`
        : html`<ol class="steps">
            ${steps.map((step) => html`<li class="card">${step}</li> `)}
          </ol>`
    }
  </section>`;
}

function endBlockers({ running }: SlowQueriesResult): Markup[] {
  const blockers = blockersAmong(running);
  const rest = blockers.length - most;
  return blockers.slice(0, most).map(
    ({ name, state, waiting, cure }, place) =>
      html`<p>
          <strong class="bad">End ${name}</strong>${state === "" ? "" : `, ${state}`}: it holds up
          ${waiting}.${place === most - 1 && rest > 0 ? ` So do ${count(rest, "other")}.` : ""}
        </p>
        ${cureText(cure)}`,
  );
}

/** Without statistics the notes say how to get them. */
function makeVisible({ statements, notes }: SlowQueriesResult): Markup[] {
  if (statements !== null) return [];
  return notes.flatMap(({ message, cure }) =>
    cure === null
      ? []
      : [
          html`<p>${message}</p>
            ${cureText(cure)}`,
        ],
  );
}

/** Statements that have become slower or are new come first, then those that cost most in any case. */
function lookAt({ comparison, statements }: SlowQueriesResult): Markup[] {
  const listed = statements?.statements ?? [];
  const least = worthwhile.change * (statements?.total.execTime ?? 0);
  const worse = (comparison?.statements ?? [])
    .filter(({ change, addedTime }) => change !== "gone" && addedTime > least)
    .slice(0, most);
  const steps = worse.map((statement) => {
    const { queryId } = statement;
    const now = listed.find((each) => each.queryId === queryId);
    return html`<p>
        <strong>Find out why query ${queryId} is ${changeText(statement)}</strong>, which costs
        ${addedText(statement)}. ${now === undefined ? "" : costText(now)}
      </p>
      ${queryCommand(queryId)}`;
  });
  const others = listed
    .filter(({ share, isTopLevel }) => isTopLevel && share >= worthwhile.share)
    .filter(({ queryId }) => worse.every((each) => each.queryId !== queryId))
    .slice(0, most)
    .map(
      (statement) =>
        html`<p><strong>Look at query ${statement.queryId}</strong>. ${costText(statement)}</p>
          ${queryCommand(statement.queryId)}`,
    );
  return [...steps, ...others];
}

function costText({ share, calls, mean, advice }: StatementReport): string {
  const cost = `${formatPercent(share)} of the time, ${formatNumber(calls)} calls of ${formatTime(mean)}.`;
  return advice[0] === undefined ? cost : `${cost} ${advice[0].message}`;
}
