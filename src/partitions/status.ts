import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { coveredUntil } from "./coverage.ts";
import { failureOf } from "../db/failure.ts";
import { readPolicies } from "./policies.ts";
import { plan, sizes, strays, tablesWithoutPolicy } from "./queries.ts";
import type { ParentStatus, StatusResult } from "./results.ts";
import type { PlanRow, Policy } from "./rows.ts";

/** Returns of each table with a policy how far its partitions reach, and what is wrong with them; changes nothing. */
export async function partitionStatus(
  { withDatabase }: Pick<Context, "withDatabase">,
  parents: readonly string[],
): Promise<StatusResult> {
  return withDatabase(async (database) => {
    const { name, policies } = await readPolicies(database, parents);
    const now = new Date();
    const found: ParentStatus[] = [];
    for (const policy of policies) {
      found.push(
        await statusOf(database, policy, now).catch((error: unknown) => ({
          ...empty(policy),
          failed: failureOf(error),
        })),
      );
    }
    const without = parents.length > 0 ? [] : await tablesWithoutPolicy(database);
    return { database: name, parents: found, withoutPolicy: without.map(({ parent }) => parent) };
  });
}

function empty({ parent, granularity, ahead }: Policy): ParentStatus {
  return {
    parent,
    granularity,
    ahead,
    failed: null,
    coveredUntil: null,
    runway: 0,
    partitions: [],
    gaps: [],
    strays: [],
  };
}

async function statusOf(database: Database, policy: Policy, now: Date): Promise<ParentStatus> {
  const [rows, sized] = await Promise.all([
    plan(database, { parent: policy.oid, ahead: null }),
    sizes(database, [policy.oid]),
  ]);
  const until = coveredUntil(rows, now);
  const sizeOf = new Map(sized.map((row) => [row.oid, row]));
  return {
    ...empty(policy),
    coveredUntil: until ?? null,
    runway: until === undefined ? 0 : Date.parse(until) - now.getTime(),
    partitions: rows.flatMap(({ partition, oid, state, lower_bound: from, upper_bound: to }) => {
      if (partition === null || oid === null) return [];
      const { rows: estimate = null, size = null } = sizeOf.get(oid) ?? {};
      return [{ partition, state, from, to, rows: estimate, size }];
    }),
    gaps: rows.flatMap(({ state, lower_bound: from, upper_bound: to, reason }) =>
      gapStates.has(state) && from !== null && to !== null
        ? [{ state, from, to, reason: reason ?? "" }]
        : [],
    ),
    strays: await countStrays(database, policy, rows),
  };
}

const gapStates = new Set(["missing", "overlapping", "hole"]);

/**
 * The longest that rows are counted; a catch-all partition is meant to be empty. Not for the session, which a pooler may
 * give to somebody else.
 */
const countingLimit = "set local statement_timeout = '5s';\n";

/** Returns null where there are more than can be counted in a moment. */
async function countStrays(
  database: Database,
  { oid }: Policy,
  rows: readonly PlanRow[],
): Promise<ParentStatus["strays"]> {
  if (!rows.some(({ state }) => state === "catch-all")) return [];
  try {
    const found = await strays(database, [oid], countingLimit);
    return found.map(
      ({ partition, lower_bound: from, upper_bound: to, rows: count, is_due: due }) => ({
        partition,
        from,
        to,
        rows: count,
        due,
      }),
    );
  } catch (error) {
    // SQLSTATE query_canceled.
    if (error instanceof ServerError && error.sqlState === "57014") return null;
    throw error;
  }
}
