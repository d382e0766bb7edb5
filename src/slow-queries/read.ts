import type { Database } from "../db/database.ts";
import { readComposed } from "../db/sql-file.ts";
import { ServerError } from "../db/server-error.ts";
import { quoteIdentifier } from "../core/identifiers.ts";
import { expressionsFor } from "./columns.ts";
import { problemOf, type Problem } from "./problem.ts";
import { sumHidden, type Reading, type Statement } from "./reading.ts";
import type { Server } from "./rows.ts";

/** A row of pg_stat_statements; who may not see a statement gets no number of it. */
type EntryRow = Omit<Statement, "queryId"> & { readonly queryId: string | null };

/** Reads the figures of all statements, without their texts; or returns why there are none. Takes no lock. */
export async function takeReading(database: Database, server: Server): Promise<Reading | Problem> {
  const problem = problemOf(server);
  if (problem !== undefined) return problem;
  try {
    const [state, found] = await readComposed(database, [stateQuery(server), entriesQuery(server)]);
    const entries = entriesIn(expressionsOf(server), found) as EntryRow[];
    return readingOf(server, (state as readonly StateRow[])[0], entries);
  } catch (error) {
    // SQLSTATE object_not_in_prerequisite_state: the extension is created, and its module is not loaded.
    if (error instanceof ServerError && error.sqlState === "55000") {
      return problemOf({ ...server, settings: withoutModule(server.settings) }) ?? "not_preloaded";
    }
    throw error;
  }
}

/** Where the names of our functions are looked up is pinned, so the extension's schema is written out. */
export function statementsFunction({ extension_schema: schema }: Server): string {
  return `${quoteIdentifier(schema ?? "public")}.pg_stat_statements`;
}

interface StateRow {
  readonly taken_at: Date;
  readonly started_at: Date;
  readonly system_identifier: string | null;
  readonly timeline: number | null;
  readonly stats_reset: Date | null;
  readonly dealloc: number | null;
}

function stateQuery(server: Server): string {
  const info = server.has_info
    ? `(select i.stats_reset from ${statementsFunction(server)}_info() i) as stats_reset,
    (select i.dealloc from ${statementsFunction(server)}_info() i) as dealloc`
    : "null::timestamptz as stats_reset, null::bigint as dealloc";
  const timeline = server.is_standby
    ? "null::integer"
    : "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer";
  return `select
    clock_timestamp() as taken_at,
    ${timeline} as timeline,
    pg_postmaster_start_time() as started_at,
    ${server.can_identify ? "(select c.system_identifier::text from pg_control_system() c)" : "null::text"} as system_identifier,
    ${info}`;
}

/** Who and what an entry is, and its figures. */
function expressionsOf({ columns }: Server): Readonly<Record<string, string>> {
  return { ...expressionsFor(columns ?? []), user: "r.rolname", database: "d.datname" };
}

/** The texts are left out: they lie in a file that is read as a whole, which takes most of the time. */
function entriesQuery(server: Server): string {
  return `${selectEntries(expressionsOf(server))}
from ${statementsFunction(server)}(false) s
left join pg_roles r on r.oid = s.userid
left join pg_database d on d.oid = s.dbid`;
}

/** All entries come as one document, because the driver would take as long again for their single values. */
export function selectEntries(expressions: Readonly<Record<string, string>>): string {
  return `select coalesce(json_agg(json_build_array(
    ${Object.values(expressions).join(",\n    ")}
)), '[]') as entries`;
}

/** Names the values of each entry; in a loop, which makes objects of one shape. */
export function entriesIn(
  expressions: Readonly<Record<string, string>>,
  found: readonly object[] | undefined,
): object[] {
  const names = Object.keys(expressions);
  const [{ entries } = { entries: [] }] = (found ?? []) as readonly EntriesRow[];
  return entries.map((row) => {
    const entry: Record<string, unknown> = {};
    for (let place = 0; place < names.length; place += 1) entry[names[place] ?? ""] = row[place];
    return entry;
  });
}

interface EntriesRow {
  readonly entries: readonly (readonly unknown[])[];
}

function readingOf(
  server: Server,
  state: StateRow | undefined,
  entries: readonly EntryRow[],
): Reading {
  if (state === undefined) throw new Error("The query for the statistics' state returned no row.");
  const limit = server.settings["pg_stat_statements.max"];
  return {
    takenAt: state.taken_at.toISOString(),
    server: {
      systemIdentifier: state.system_identifier,
      timeline: state.timeline,
      startedAt: state.started_at.toISOString(),
      address: server.address,
      port: server.port,
    },
    statsReset: state.stats_reset?.toISOString() ?? null,
    dealloc: state.dealloc,
    entries: entries.length,
    maxEntries: limit === undefined ? null : Number(limit),
    statements: entries.filter((entry) => isVisible(entry)),
    hidden: sumHidden(entries.filter((entry) => !isVisible(entry))),
  };
}

function isVisible(entry: EntryRow): entry is Statement {
  return entry.queryId !== null;
}

function withoutModule(settings: Server["settings"]): Server["settings"] {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => !name.startsWith("pg_stat_statements.")),
  );
}
