import { html, type Markup } from "../../output/html.ts";
import { count, formatPercent, formatTime } from "../../output/units.ts";
import { blockersAmong } from "../blocking.view.ts";
import { addedText, changeText } from "../changes.view.ts";
import type { SlowQueriesResult } from "../results.ts";
import { cureText, queryCommand } from "./parts.view.ts";

/** How many steps of a kind are shown: who has to act has time for the first ones. */
const most = 3;

/** A statement is worth a look from that share of the time on, and a change from that share of all of it. */
const worthwhile = { share: 0.1, change: 0.02 } as const;

/** Says what to do, the most urgent first. */
export function stepsSection(result: SlowQueriesResult): Markup {
  const steps = [
    ...endBlockers(result),
    ...makeVisible(result),
    ...undoChanges(result),
    ...improve(result),
  ];
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

function undoChanges({ comparison, statements }: SlowQueriesResult): Markup[] {
  const least = worthwhile.change * (statements?.total.execTime ?? 0);
  return (comparison?.statements ?? [])
    .filter(({ change, addedTime }) => change !== "gone" && addedTime > least)
    .slice(0, most)
    .map(
      (statement) =>
        html`<p>
            <strong>Find out why query ${statement.queryId} is ${changeText(statement)}</strong>:
            ${addedText(statement)}.
          </p>
          ${queryCommand(statement.queryId)}`,
    );
}

function improve({ statements }: SlowQueriesResult): Markup[] {
  return (statements?.statements ?? [])
    .filter(({ share, isTopLevel }) => isTopLevel && share >= worthwhile.share)
    .slice(0, most)
    .map(
      ({ queryId, share, mean, advice }) =>
        html`<p>
            <strong>Look at query ${queryId}</strong>: ${formatPercent(share)} of the time,
            ${formatTime(mean)} per call. ${advice[0]?.message ?? ""}
          </p>
          ${queryCommand(queryId)}`,
    );
}
