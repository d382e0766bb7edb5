import type { Page } from "../output/output.ts";
import { oneLine } from "../output/plain-text.ts";
import { table } from "../output/table.ts";
import { count, formatTime } from "../output/units.ts";
import { blockersAmong, processName } from "./blocking.view.ts";
import { inner, withLines } from "./lines.view.ts";
import type { RunningSession } from "./results.ts";

/** How many sessions are shown, two lines each; of the others it is said how many they are. */
function most({ height = Infinity }: Page): number {
  // The statements have half of a screen.
  return Math.min(8, Math.max(2, Math.floor(height / 4) - 2));
}

/** Shows the sessions that do something, the oldest first, and who waits for whom. */
export function runningText(sessions: readonly RunningSession[], page: Page): string {
  const { style } = page;
  const title = style.heading("Running now");
  if (sessions.length === 0) return `${title}: ${style.good("nothing")}`;
  const active = sessions.filter(({ state }) => state === "active").length;
  const idle = sessions.filter(({ state }) => state?.startsWith("idle in") ?? false).length;
  const shown = sessions.slice(0, most(page));
  const rest = sessions.length - shown.length;
  const drawn = table(
    [
      { heading: "PID", align: "right" },
      { heading: "Role" },
      { heading: "Application", optional: true },
      { heading: "Database", optional: true },
      { heading: "For", align: "right" },
      { heading: "State" },
      { heading: "Blocked by" },
    ],
    shown.map((session) => [
      String(session.processId),
      oneLine(session.user ?? "", 20),
      oneLine(session.application ?? "", 20),
      oneLine(session.database ?? "", 20),
      session.age === null ? "" : formatTime(Math.max(0, session.age)),
      stateText(session),
      oneLine(session.blockedBy.map(processName).join(", "), 24),
    ]),
    inner(page),
  );
  return [
    `${title}: ${count(active, "statement")}, ${count(idle, "idle transaction")}`,
    withLines(
      drawn,
      shown.map(({ query }) => [style.faint(oneLine(query ?? "(hidden)", page.width - 4))]),
    ),
    ...(rest > 0
      ? [`  ${style.faint(`and ${count(rest, "younger one")}; all of them: --json`)}`]
      : []),
    ...blocking(sessions, page),
  ].join("\n");
}

/** Says what a session does, or waits for. */
export function stateText({ state, waitEventType, waitEvent }: RunningSession): string {
  if (state === null) return "hidden";
  if (state === "idle in transaction (aborted)") return "idle in failed tx";
  if (state === "idle in transaction") return "idle in transaction";
  return waitEvent === null || state !== "active"
    ? state
    : oneLine(`${waitEventType ?? ""}:${waitEvent}`, 26);
}

/** Shows who holds others up, the line behind him, and how to end it. */
function blocking(sessions: readonly RunningSession[], { style }: Page): string[] {
  return blockersAmong(sessions).flatMap(({ name, state, waiting, cure }) => [
    `  ${style.bad("Blocking:")} ${name}${state === "" ? "" : ` (${state})`} ← ${waiting}`,
    `    ${style.faint("to end it:")} ${cure}`,
  ]);
}
