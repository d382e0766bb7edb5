import { quoteIdentifier } from "../core/identifiers.ts";
import { formatDuration } from "../output/units.ts";
import type { ServerError } from "../db/server-error.ts";
import type { Need } from "./check.ts";
import type { NotChecked } from "./results.ts";
import type { Facts } from "./rows.ts";

/** Why something is not checked, and what has to be done first. */
export type Obstacle = Pick<NotChecked, "reason" | "cure"> & {
  /** Whether there may be something that is not found for it. */
  readonly hides: boolean;
};

const obstacles: Readonly<Record<Need, (facts: Facts) => Omit<Obstacle, "hides"> | undefined>> = {
  "all statistics": ({ reads_all_statistics: mayRead, user }) =>
    mayRead
      ? undefined
      : {
          reason: `role "${user}" does not see what other roles do`,
          cure: `GRANT pg_monitor TO ${quoteIdentifier(user)};`,
        },
  primary: ({ is_standby: isStandby }) =>
    isStandby ? { reason: "a standby does not know it: ask the primary", cure: null } : undefined,
  archiving: ({ is_archiving: isArchiving }) =>
    isArchiving ? undefined : { reason: "WAL is not archived (archive_mode is off)", cure: null },
  checksums: ({ has_checksums: hasChecksums }) =>
    hasChecksums ? undefined : { reason: "the cluster has no data checksums", cure: null },
  "partitions engine": ({ has_partitions_engine: isThere }) =>
    isThere
      ? undefined
      : {
          reason: 'the functions for partitions are not installed; "migrate" does that',
          cure: null,
        },
  "views engine": ({ has_views_engine: isThere }) =>
    isThere
      ? undefined
      : {
          reason: 'the functions for materialized views are not installed; "migrate" does that',
          cure: null,
        },
};

/** Says why a check cannot be made here; undefined when it can. */
export function obstacleTo(needs: readonly Need[], facts: Facts): Obstacle | undefined {
  const obstacle = needs.map((need) => obstacles[need](facts)).find((each) => each !== undefined);
  // What no grant helps against is not there: no archive, no policies.
  return obstacle && { ...obstacle, hides: obstacle.cure !== null };
}

/** Says why a check was refused, or took too long. */
export function obstacleOf(error: ServerError, facts: Facts, timeout: number): Obstacle {
  return { ...refusal(error, facts, timeout), hides: true };
}

function refusal(error: ServerError, facts: Facts, timeout: number): Omit<Obstacle, "hides"> {
  switch (error.sqlState) {
    case "42501":
      return {
        reason: error.message,
        cure: `GRANT pg_read_all_data TO ${quoteIdentifier(facts.user)};`,
      };
    case "57014":
      return {
        reason: `it took longer than ${formatDuration(timeout)}; --timeout gives it more`,
        cure: null,
      };
    case "55P03":
      return { reason: "another session has locked what it reads", cure: null };
    default:
      return { reason: [error.message, error.hint].filter(Boolean).join(". "), cure: null };
  }
}
