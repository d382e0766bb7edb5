import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { missingSelect } from "../db/missing-select.ts";
import { ServerError } from "../db/server-error.ts";
import { readComposed } from "../db/sql-file.ts";
import { counters } from "./columns.ts";
import type { Wanted } from "./moment.ts";
import { storedSnapshots } from "./queries.ts";
import { entriesIn, selectEntries } from "./read.ts";
import type { HiddenStatements, Reading, Statement } from "./reading.ts";
import type { Server } from "./rows.ts";
import { snapshotMissing } from "./snapshot-missing.ts";

/** A snapshot as the reading that it was made of. */
export interface StoredReading extends Reading {
  readonly id: number;
  /** As in the setting server_version_num. */
  readonly serverVersion: number;
}

/** Finds a snapshot and reads it; `option` is the one that asked for it. Throws SNAPSHOT_MISSING and ENGINE_MISSING. */
export async function readSnapshot(
  database: Database,
  server: Server,
  { option, wanted }: { readonly option: string; readonly wanted: Wanted },
): Promise<StoredReading> {
  try {
    const [found] = await storedSnapshots(database, wanted);
    if (found === undefined) throw new Error("The query for the snapshots returned no row.");
    const { snapshot_id: id } = found;
    if (id === null) throw snapshotMissing(found, { option, wanted, database: server.database });
    return await readEntries(database, id);
  } catch (error) {
    throw explainSnapshots(error, server);
  }
}

async function readEntries(database: Database, id: number): Promise<StoredReading> {
  const [states, found] = await readComposed(database, [stateQuery(id), entriesQuery(id)]);
  const [state] = states as readonly StateRow[];
  if (state === undefined) {
    throw new CliError("SNAPSHOT_MISSING", {
      message: `Snapshot ${id} was deleted while it was read.`,
      hint: "Run the command again: it says which snapshots are left.",
    });
  }
  return {
    id,
    serverVersion: state.server_version,
    takenAt: state.taken_at.toISOString(),
    server: {
      systemIdentifier: state.system_identifier,
      timeline: state.timeline,
      startedAt: state.server_started_at.toISOString(),
      address: state.address,
      port: state.port,
    },
    statsReset: state.stats_reset?.toISOString() ?? null,
    dealloc: state.dealloc,
    entries: state.entries,
    maxEntries: state.max_entries,
    statements: entriesIn(storedExpressions, found) as Statement[],
    hidden: state.hidden,
  };
}

interface StateRow {
  readonly taken_at: Date;
  readonly system_identifier: string | null;
  readonly timeline: number;
  readonly server_started_at: Date;
  readonly server_version: number;
  readonly address: string;
  readonly port: number;
  readonly stats_reset: Date | null;
  readonly dealloc: number | null;
  readonly entries: number;
  readonly max_entries: number | null;
  readonly hidden: readonly HiddenStatements[];
}

function stateQuery(id: number): string {
  return `select
    s.taken_at, s.system_identifier::text, s.timeline, s.server_started_at, s.server_version, s.address, s.port,
    s.stats_reset, s.dealloc, s.entries, s.max_entries,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'userId', h.user_id, 'user', u.rolname, 'databaseId', h.database_id, 'database', d.datname,
            'statements', h.statements, 'calls', h.calls, 'execTime', h.exec_time
        )), '[]')
        from jsonb_to_recordset(s.hidden)
            h (user_id bigint, database_id bigint, statements bigint, calls bigint, exec_time float8)
        left join pg_roles u on u.oid::bigint = h.user_id
        left join pg_database d on d.oid::bigint = h.database_id
    ) as hidden
from public.statement_snapshots s
where s.snapshot_id = ${id}`;
}

/** Names as they are now, and those that the role and the database had when they have been dropped. */
const storedExpressions: Readonly<Record<string, string>> = {
  userId: "e.user_id::bigint",
  user: "coalesce(u.rolname, e.user_name)",
  databaseId: "e.database_id::bigint",
  database: "coalesce(d.datname, e.database_name)",
  queryId: "e.query_id::text",
  isTopLevel: "e.is_top_level",
  since: "extract(epoch from f.since)::float8 * 1000",
  maxTime: "f.max_time",
  execSquares: "f.exec_squares",
  ...Object.fromEntries(counters.map((counter) => [counter, `f.${columnOf(counter)}`])),
};

/** The columns have the names of the counters, as the server writes names: shared_hit. */
function columnOf(counter: string): string {
  return counter.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function entriesQuery(id: number): string {
  return `${selectEntries(storedExpressions)}
from public.statement_figures f
join public.statement_entries e using (entry_id)
left join pg_roles u on u.oid = e.user_id
left join pg_database d on d.oid = e.database_id
where int8range(f.first_snapshot, f.next_snapshot) @> ${id}::bigint`;
}

/** Snapshots belong to who has installed the engine, and with them all that was ever seen of others' statements. */
function explainSnapshots(error: unknown, { user }: Pick<Server, "user">): unknown {
  if (!(error instanceof ServerError) || error.sqlState !== "42501") {
    return explainMissingEngine(error);
  }
  const message = `Role "${user}" may not use the stored snapshots.`;
  return missingSelect(error, { user, message, tables });
}

const tables = ["statement_snapshots", "statement_entries", "statement_texts", "statement_figures"];
