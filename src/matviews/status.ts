import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import { readTogether } from "../db/sql-file.ts";
import { candidateKeys, policiesWithoutView, status } from "./queries.ts";
import { readViews } from "./read-views.ts";
import type { Mode, StatusResult, ViewStatus } from "./results.ts";
import type { CandidateKey, StatusRow } from "./rows.ts";

export interface StatusInput {
  /** The views; all when there is none. */
  readonly names: readonly string[];
  /** Count the values that repeat in columns that may be a key. */
  readonly checkKeys: boolean;
}

/** Returns how fresh each materialized view is, and what stands in the way of refreshing it; changes nothing. */
export async function viewsStatus(
  { withDatabase }: Pick<Context, "withDatabase">,
  { names, checkKeys }: StatusInput,
): Promise<StatusResult> {
  return withDatabase(async (database) => {
    const { server, named } = await readViews(database, names);
    const [all, lost] = await readTogether(database, [status, policiesWithoutView]);
    const rows = all.filter(({ view }) => named.size === 0 || named.has(view));
    const keys = await readKeys(database, rows, checkKeys);
    return {
      database: server.database,
      recordsAll: server.records_all,
      views: rows.map((row) => statusOf(row, keys.get(row.view) ?? [])),
      policiesWithoutView:
        names.length > 0
          ? []
          : lost.map(({ schema_name: schema, view_name: view }) => ({ schema, view })),
    };
  });
}

type CheckedKey = ViewStatus["candidateKeys"][number];

/** Returns the columns that may be unique of the views without a unique index. */
async function readKeys(
  database: Database,
  rows: readonly StatusRow[],
  check: boolean,
): Promise<Map<string, CheckedKey[]>> {
  const lacking = rows
    .filter(({ concurrent_index: index }) => index === null)
    .map(({ view }) => view);
  const keys = new Map<string, CheckedKey[]>();
  if (lacking.length === 0) return keys;
  const populated = new Map(rows.map((row) => [row.view, row.is_populated]));
  for (const key of await candidateKeys(database, lacking)) {
    const isChecked = check && populated.get(key.view) === true;
    const checked = {
      columns: key.columns,
      createIndex: key.index_statement,
      duplicatesQuery: key.duplicates_query,
      duplicates: isChecked ? await countDuplicates(database, key) : null,
    };
    keys.set(key.view, [...(keys.get(key.view) ?? []), checked]);
  }
  return keys;
}

async function countDuplicates(
  database: Database,
  { duplicates_query: query }: CandidateKey,
): Promise<number> {
  const [row] = (await database.query(
    `set local search_path = pg_catalog, pg_temp;
    select pg_catalog.count(*) as number from (${query.replace(/;$/, "")}) repeated`,
  )) as readonly { readonly number: number }[];
  return row?.number ?? 0;
}

function statusOf(row: StatusRow, keys: CheckedKey[]): ViewStatus {
  const { age, every, is_populated: populated } = row;
  return {
    view: row.view,
    level: row.level,
    needs: row.needs,
    populated,
    stale: every !== null && (!populated || age === null || age > every),
    refreshedNowBy: row.refreshed_now_by,
    policy: every === null ? null : { every, prefer: row.prefer ?? "speed" },
    age: age === null ? null : Math.max(0, Math.round(age)),
    lastRefresh: lastRefreshOf(row),
    failures: { number: row.failures, lastError: row.last_error },
    changes: {
      state: row.base_state as ViewStatus["changes"]["state"],
      rows: row.base_changes,
      changed: row.changed_bases,
      replaced: row.replaced_bases,
      alsoWith: row.changes_with,
    },
    rows: row.rows,
    size: row.size,
    bloat: row.bloat,
    concurrentIndex: row.concurrent_index,
    candidateKeys: keys,
    swapObstacles: row.swap_obstacles,
  };
}

function lastRefreshOf(row: StatusRow): ViewStatus["lastRefresh"] {
  const { refreshed_at: at, duration, usual_duration: usual } = row;
  if (at === null) return null;
  return {
    at: at.toISOString(),
    by: row.refreshed_by ?? "",
    mode: row.mode as Mode | null,
    reason: row.reason,
    duration: duration === null ? null : Math.round(duration),
    usualDuration: usual === null ? null : Math.round(usual),
    earlier: row.usual_number,
  };
}
