import { isHidden } from "./notes.ts";
import { chosen, type Choice } from "./report.ts";
import type { RunningSession } from "./results.ts";
import type { Session } from "./rows.ts";

/** The most sessions that are reported, beside those that block or are blocked. */
const most = 100;

/** Picks the sessions that are reported: those of the choice, and all that stand in the way of one, oldest first. */
export function runningSessions(
  sessions: readonly Session[],
  choice: Pick<Choice, "database" | "user">,
): RunningSession[] {
  const visible = sessions.filter((session) => !isHidden(session));
  const picked = new Set(
    chosen(visible, choice)
      .filter((session, place) => place < most || session.blocked_by.length > 0)
      .map(({ process_id: processId }) => processId),
  );
  const byProcess = new Map(sessions.map((session) => [session.process_id, session]));
  // A set that grows while it is gone through is gone through to its end.
  for (const processId of picked) {
    for (const blocker of byProcess.get(processId)?.blocked_by ?? []) picked.add(blocker);
  }
  return sessions
    .filter(({ process_id: processId }) => picked.has(processId))
    .map((session) => ({
      processId: session.process_id,
      user: session.user,
      database: session.database,
      application: session.application === "" ? null : session.application,
      state: session.state,
      age: session.state === "active" ? session.query_age : session.transaction_age,
      transactionAge: session.transaction_age,
      waitEventType: session.wait_event_type,
      waitEvent: session.wait_event,
      // Of a parallel query, several processes may wait for one.
      blockedBy: [...new Set(session.blocked_by)],
      query: isHidden(session) ? null : session.query,
    }));
}
