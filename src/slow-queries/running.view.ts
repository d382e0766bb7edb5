import type { Page } from "../output/output.ts";
import { oneLine } from "../output/plain-text.ts";
import { table } from "../output/table.ts";
import { count, formatTime } from "../output/units.ts";
import { inner, withLines } from "./lines.view.ts";
import type { RunningSession } from "./results.ts";

/** How many sessions are shown; of the others it is said how many they are. */
const most = 8;

/** Shows the sessions that do something, the oldest first, and who waits for whom. */
export function runningText(sessions: readonly RunningSession[], page: Page): string {
  const { style } = page;
  const title = style.heading("Running now");
  if (sessions.length === 0) return `${title}: ${style.good("nothing")}`;
  const active = sessions.filter(({ state }) => state === "active").length;
  const idle = sessions.filter(({ state }) => state?.startsWith("idle in") ?? false).length;
  const shown = sessions.slice(0, most);
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
    ...chains(sessions, page),
  ].join("\n");
}

function stateText({ state, waitEventType, waitEvent }: RunningSession): string {
  if (state === null) return "hidden";
  if (state === "idle in transaction (aborted)") return "idle in failed tx";
  if (state === "idle in transaction") return "idle in transaction";
  return waitEvent === null || state !== "active"
    ? state
    : oneLine(`${waitEventType ?? ""}:${waitEvent}`, 26);
}

function processName(processId: number): string {
  return processId === 0 ? "prepared transaction" : String(processId);
}

/** Shows for each session that waits for none, and for which others wait, the line that it holds up, and how to end it. */
function chains(sessions: readonly RunningSession[], { style }: Page): string[] {
  const byProcess = new Map(sessions.map((session) => [session.processId, session]));
  const blockers = new Set(sessions.flatMap(({ blockedBy }) => blockedBy));
  const roots = [...blockers].filter(
    (processId) => (byProcess.get(processId)?.blockedBy.length ?? 0) === 0,
  );
  return roots.flatMap((root) => {
    const waiting = chainBehind(root, sessions, new Set([root]));
    return [
      `  ${style.bad("Blocking:")} ${processName(root)}${rootState(byProcess.get(root))} ← ${waiting}`,
      `    ${style.faint("to end it:")} ${endOf(root, byProcess.get(root))}`,
    ];
  });
}

/** Who waits for a process, and who waits for those: "12 ← (13, 14 ← 15)". */
function chainBehind(
  processId: number,
  sessions: readonly RunningSession[],
  met: Set<number>,
): string {
  const waiting = sessions.filter(
    (session) =>
      session.blockedBy.includes(processId) &&
      !met.has(session.processId) &&
      !waitsBehind(session, processId, sessions),
  );
  for (const session of waiting) met.add(session.processId);
  const parts = waiting.map((session) => {
    const behind = chainBehind(session.processId, sessions, met);
    return `${session.processId}${behind === "" ? "" : ` ← ${behind}`}`;
  });
  return parts.length > 1 ? `(${parts.join(", ")})` : (parts[0] ?? "");
}

/** True for one that waits for another one too, which itself waits for the process: it stands behind that one. */
function waitsBehind(
  { blockedBy }: RunningSession,
  processId: number,
  sessions: readonly RunningSession[],
): boolean {
  return sessions.some(
    (other) => blockedBy.includes(other.processId) && other.blockedBy.includes(processId),
  );
}

function rootState(session: RunningSession | undefined): string {
  if (session === undefined || session.state === null) return "";
  const { state, age } = session;
  return ` (${state}${age === null ? "" : ` for ${formatTime(Math.max(0, age))}`})`;
}

function endOf(processId: number, session: RunningSession | undefined): string {
  if (processId === 0) return "SELECT * FROM pg_prepared_xacts; then ROLLBACK PREPARED '…';";
  const how = session?.state === "active" ? "pg_cancel_backend" : "pg_terminate_backend";
  return `SELECT ${how}(${processId});`;
}
