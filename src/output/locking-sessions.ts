import type { HeldRelation } from "./results.ts";
import { formatDuration, shortName } from "./units.ts";

/** Describes the sessions that stand against the locks, one a line; each once, with the first lock that it holds. */
export function describeSessions(locks: readonly HeldRelation[]): string[] {
  const told = new Set<number>();
  return locks.flatMap(({ relation, sessions }) =>
    sessions.flatMap((session) => {
      if (told.has(session.processId)) return [];
      told.add(session.processId);
      return [describe(session, shortName(relation))];
    }),
  );
}

function describe(session: HeldRelation["sessions"][number], relation: string): string {
  const { processId, user, application, mode, state, transactionAge, query } = session;
  if (processId === 0) {
    return `A prepared transaction (see pg_prepared_xacts) holds ${mode} on ${relation}.`;
  }
  const about = [
    `user "${user ?? "?"}"`,
    application ? `application "${application}"` : undefined,
    state,
    transactionAge === null ? undefined : `transaction open for ${formatDuration(transactionAge)}`,
  ].filter((part) => typeof part === "string");
  const text = (query ?? "").replaceAll(/\s+/g, " ");
  return `Process ${processId} (${about.join(", ")}) holds ${mode} on ${relation}: ${text}`;
}
