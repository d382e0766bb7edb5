import { html, type Markup } from "../../output/html.ts";
import { count, formatTime } from "../../output/units.ts";
import { blockersAmong, processName } from "../blocking.view.ts";
import type { RunningSession } from "../results.ts";
import { stateText } from "../running.view.ts";
import { figureList, ownerMarkup, statementText } from "./parts.view.ts";

/** How many sessions are shown; of the others it is said how many they are. */
const most = 20;

/** Shows the sessions that do something, the oldest first; those that hold others up stand out. */
export function runningSection(sessions: readonly RunningSession[]): Markup {
  const rest = sessions.length - most;
  const blockers = new Set(blockersAmong(sessions).map(({ name }) => name));
  return html`<section aria-labelledby="running">
    <h2 id="running">Running now</h2>
    ${sessions.length === 0 ? html`<p class="good">Nothing.</p>` : ""}
    <ol>
      ${sessions.slice(0, most).map((session) => sessionCard(session, blockers.has(String(session.processId))))}
    </ol>
    ${rest > 0 ? html`<p class="faint">and ${count(rest, "younger one")}; all of them: --json</p>` : ""}
  </section>`;
}

function sessionCard(session: RunningSession, isBlocking: boolean): Markup {
  const { processId, application, age, blockedBy, query } = session;
  const figures: [string, string][] = [
    ["For", age === null ? "not known" : formatTime(Math.max(0, age))],
    ["State", stateText(session)],
    ...(blockedBy.length === 0
      ? []
      : ([["Blocked by", blockedBy.map(processName).join(", ")]] as [string, string][])),
    ...(application === null ? [] : ([["Application", application]] as [string, string][])),
  ];
  return html`<li class="card${isBlocking ? " bad-card" : ""}">
    <div class="row">
      <h3>
        Process ${processId}${isBlocking ? html` <span class="bad">holds others up</span>` : ""}
      </h3>
      <span class="faint">${ownerMarkup(session)}</span>
    </div>
    ${figureList(figures)}${statementText(query ?? "(hidden)")}
  </li> `;
}
