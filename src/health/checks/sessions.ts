import { sqlFile } from "../../db/sql-file.ts";
import { count, formatDuration } from "../../output/units.ts";
import { check, type Check } from "../check.ts";
import type { FindingRow } from "../rows.ts";

interface Waiting {
  readonly depth: number;
  readonly process_id: number;
  readonly role: string;
  readonly application: string;
  readonly waited: number;
  readonly query: string;
}

/** How many of those who wait are shown; --json has all. */
const shownWaiting = 10;

/** A statement in one line, cut, and without what a terminal would obey. */
function inLine(query: string | null): string {
  const line = (query ?? "").replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

export const sessionChecks: readonly Check[] = [
  check<{
    process_id: number;
    state: string | null;
    transaction_age: number | null;
    query: string | null;
    longest_wait: number;
    waiting: readonly Waiting[];
  }>({
    name: "blocked_sessions",
    level: "error",
    sentence: "Sessions that others have been waiting for, for more than a second",
    advice:
      "Those below wait for its locks. Ending it rolls back what it has not committed; ask its user first.",
    needs: ["all statistics"],
    query: sqlFile<FindingRow>("health/blocked_sessions.sql"),
    say: ({
      process_id: processId,
      state,
      transaction_age: age,
      query,
      longest_wait: wait,
      waiting,
    }) => {
      const since = age === null ? "" : `, transaction open for ${formatDuration(age)}`;
      const process = processId === 0 ? "" : `process ${processId}, `;
      const tree = waiting
        .slice(0, shownWaiting)
        .map(
          (each) =>
            `\n${"  ".repeat(each.depth)}${each.process_id} ${each.role}@${each.application}, ` +
            `${formatDuration(each.waited)}: ${inLine(each.query)}`,
        );
      const rest = waiting.length - shownWaiting;
      return (
        `${process}${state ?? "prepared"}${since}: ${count(waiting.length, "session")} ` +
        `behind it, up to ${formatDuration(wait)}. Last statement: ${inLine(query)}` +
        tree.join("") +
        (rest > 0 ? `\n  and ${rest} more` : "")
      );
    },
  }),
  check<{ process_id: number; state: string; transaction_age: number; query: string }>({
    name: "long_transactions",
    level: "error",
    sentence: "Transactions that have been open for more than a quarter of an hour",
    advice:
      "VACUUM removes no row that was deleted since it began. Ending it rolls it back; ask its user first.",
    needs: ["all statistics"],
    query: sqlFile<FindingRow>("health/long_transactions.sql"),
    say: ({ process_id: processId, state, transaction_age: age, query }) =>
      `process ${processId}, ${state}, open for ${formatDuration(age)}: ${inLine(query)}`,
  }),
  check<{ process_id: number; idle: number; transaction_age: number; query: string }>({
    name: "idle_in_transaction",
    level: "error",
    sentence: "Sessions that have done nothing for more than five minutes, with a transaction open",
    advice:
      "They keep their locks, and VACUUM removes no row that was deleted since. idle_in_transaction_session_timeout ends them by itself.",
    needs: ["all statistics"],
    query: sqlFile<FindingRow>("health/idle_in_transaction.sql"),
    say: ({ process_id: processId, idle, transaction_age: age, query }) =>
      `process ${processId}, idle for ${formatDuration(idle)}, transaction open for ${formatDuration(age)}: ${inLine(query)}`,
  }),
  check<{ owner: string; age: number }>({
    name: "prepared_transactions",
    level: "error",
    sentence: "Prepared transactions that nobody has ended for more than five minutes",
    advice:
      "They keep their locks for ever, also over a restart. Their transaction manager may want them committed: COMMIT PREPARED.",
    needs: ["primary"],
    query: sqlFile<FindingRow>("health/prepared_transactions.sql"),
    say: ({ owner, age }) => `prepared by "${owner}" ${formatDuration(age)} ago`,
  }),
];
