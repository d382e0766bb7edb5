import { formatTime } from "../output/units.ts";
import type { RunningSession } from "./results.ts";

/** A session that waits for none, and for which others wait. */
export interface Blocker {
  readonly name: string;
  /** What it does and for how long: "idle in transaction for 5.00 min"; empty where that is not known. */
  readonly state: string;
  /** The line behind it: "13 ← (14, 15)". */
  readonly waiting: string;
  /** The statement that ends it. */
  readonly cure: string;
}

/** Finds the sessions that hold others up. */
export function blockersAmong(sessions: readonly RunningSession[]): Blocker[] {
  const byProcess = new Map(sessions.map((session) => [session.processId, session]));
  const blockers = new Set(sessions.flatMap(({ blockedBy }) => blockedBy));
  const roots = [...blockers].filter(
    (processId) => (byProcess.get(processId)?.blockedBy.length ?? 0) === 0,
  );
  return roots.map((root) => ({
    name: processName(root),
    state: rootState(byProcess.get(root)),
    waiting: chainBehind(root, sessions, new Set([root])),
    cure: endOf(root, byProcess.get(root)),
  }));
}

/** Names a process; a prepared transaction has none. */
export function processName(processId: number): string {
  return processId === 0 ? "prepared transaction" : String(processId);
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
  return `${state}${age === null ? "" : ` for ${formatTime(Math.max(0, age))}`}`;
}

function endOf(processId: number, session: RunningSession | undefined): string {
  if (processId === 0) return "SELECT * FROM pg_prepared_xacts; then ROLLBACK PREPARED '…';";
  const how = session?.state === "active" ? "pg_cancel_backend" : "pg_terminate_backend";
  return `SELECT ${how}(${processId});`;
}
