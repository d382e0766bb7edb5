import type { Database } from "../../db/database.ts";
import { failureOf } from "../../db/failure.ts";
import { ServerError } from "../../db/server-error.ts";
import { quoteLiteral } from "../../core/identifiers.ts";
import type { Output } from "../../output/output.ts";
import { shortName } from "../../output/units.ts";
import { decision } from "../queries.ts";
import type { Mode, RefreshedView } from "../results.ts";
import type { Decision, ViewRow } from "../rows.ts";
import { explainFailure } from "./explain-failure.ts";
import { forcedWayFailure } from "./forced-way.ts";
import type { RefreshInput } from "./input.ts";
import { decidedOutcome, outcomeOf } from "./outcome.ts";
import type { RefreshReport } from "./report.ts";

/** The session that refreshes, and how. */
export interface RefreshWork extends Pick<RefreshInput, "mode" | "patience"> {
  readonly database: Database;
  readonly output: Output;
  readonly report: RefreshReport;
  readonly serverVersion: number;
}

/**
 * Refreshes one view in a transaction of its own, if there is anything to do, and returns what became of it. Records a
 * failure in another one; throws what is about the session.
 */
export async function refreshOne(work: RefreshWork, view: ViewRow): Promise<RefreshedView> {
  const began = performance.now();
  let decided: Decision | undefined;
  try {
    const impossible = await forcedWayFailure(work.database, view, work.mode);
    if (impossible !== undefined) {
      return outcomeOf(view, { outcome: "failed", mode: work.mode as Mode, failure: impossible });
    }
    decided = await decide(work, view);
    // The engine writes down that nothing has changed.
    if (decided.mode === null && decided.reason !== "unchanged")
      return decidedOutcome(view, decided, "skipped");
    if (decided.mode !== null) work.report.begin(view.view);
    return await act(work, view, decided);
  } catch (error) {
    failureOf(error);
    const failed = error as ServerError;
    const mode = decided?.mode ?? null;
    const duration = Math.round(performance.now() - began);
    await recordFailure(work, { view: view.view, mode, duration, error: failed.message });
    const failure = await explainFailure(failed, { ...work, view: view.view, mode });
    return outcomeOf(view, { outcome: "failed", mode: mode as Mode | null, duration, failure });
  }
}

async function decide({ database, mode }: RefreshWork, { view }: ViewRow): Promise<Decision> {
  const [found] = await decision(database, { view, mode });
  if (found === undefined) throw new Error("The query for a decision returned no row.");
  return found;
}

interface RefreshRow {
  readonly refresh_id: number | null;
  readonly mode: Mode | null;
  readonly reason: string;
  readonly row_count: number | null;
  readonly changed_rows: number | null;
  readonly wal_bytes: number | null;
  readonly seconds: number | null;
}

async function act(work: RefreshWork, view: ViewRow, decided: Decision): Promise<RefreshedView> {
  const row = await refresh(work, view.view);
  if (row.refresh_id === null) {
    const why = row.reason === decided.reason ? decided : await decide(work, view);
    return decidedOutcome(view, { ...why, mode: null, reason: row.reason }, "skipped");
  }
  return outcomeOf(view, {
    outcome: "refreshed",
    mode: row.mode,
    reason: row.reason,
    rows: row.row_count,
    changedRows: row.changed_rows,
    duration: Math.round((row.seconds ?? 0) * 1000),
    walBytes: row.wal_bytes,
  });
}

/** Tries once more where another session has just put a copy in the place of what the name stood for. */
async function refresh(work: RefreshWork, view: string): Promise<RefreshRow> {
  const text = refreshStatements(work, view);
  try {
    return await sent(work.database, text);
  } catch (error) {
    const isReplaced =
      error instanceof ServerError &&
      (error.sqlState === "DF051" || error.message.startsWith("could not open relation with OID"));
    if (!isReplaced) throw error;
    return sent(work.database, text);
  }
}

async function sent(database: Database, text: string): Promise<RefreshRow> {
  const [row] = (await database.query(text)) as readonly RefreshRow[];
  if (row === undefined) throw new Error("refresh_materialized_view() returned no row.");
  return row;
}

/**
 * Several statements in one message are one transaction. The user's search_path stays as it is, because up to
 * PostgreSQL 16 the query of a view may depend on it; a table below the view is waited for no longer than the view.
 */
function refreshStatements({ mode, patience }: RefreshWork, view: string): string {
  const milliseconds = `${patience} ms`;
  return `
    set transaction isolation level read committed;
    set local lock_timeout = '${milliseconds}';
    select
      r.refresh_id, r.mode, r.reason, r.row_count, r.changed_rows, r.wal_bytes,
      pg_catalog.date_part('epoch', r.duration) as seconds
    from public.refresh_materialized_view(
      ${quoteLiteral(view)}::pg_catalog.regclass, '${mode}', '${milliseconds}'::pg_catalog.interval
    ) r`;
}

async function recordFailure(
  { database, output }: RefreshWork,
  failed: { view: string; mode: string | null; duration: number; error: string },
): Promise<void> {
  try {
    await database.query(
      `select public.record_refresh_failure(
        $1::pg_catalog.regclass,
        pg_catalog.clock_timestamp() operator(pg_catalog.-) $2::pg_catalog.interval, $3, $4
      )`,
      [failed.view, `${failed.duration} ms`, failed.mode, failed.error],
    );
  } catch (error) {
    const { message } = failureOf(error);
    output.warn(`The failure of "${shortName(failed.view)}" is not recorded: ${message}`);
  }
}
