import type { Counts } from "./columns.ts";

/** The server whose statistics they are: each server of a cluster counts by itself. */
export interface ServerIdentity {
  /** That of the cluster; null where it may not be read. */
  readonly systemIdentifier: string | null;
  /** ISO 8601, to the millisecond. */
  readonly startedAt: string;
  /** That of its write-ahead log, which is another one after a failover; null on a standby. */
  readonly timeline: number | null;
  /** Empty for a Unix socket. */
  readonly address: string;
  readonly port: number;
}

/** Whose statement it is: its role and database, with their names as long as they exist. */
interface Owner {
  readonly userId: number;
  readonly user: string | null;
  readonly databaseId: number;
  readonly database: string | null;
}

/** An entry of pg_stat_statements, or what was added to one between two readings. */
export interface Statement extends Owner, Counts {
  /** A signed number of 64 bits. */
  readonly queryId: string;
  /** False where a function ran it. */
  readonly isTopLevel: boolean;
  /** When its entry was made, in milliseconds since 1970; null before version 1.11 of the extension. */
  readonly since: number | null;
  /** Null where it is not known: between two readings it cannot be. */
  readonly maxTime: number | null;
  /** The sum of the squares of all execution times. */
  readonly execSquares: number | null;
}

/** The statements of a role in a database that may not be seen. */
export interface HiddenStatements extends Owner {
  readonly statements: number;
  readonly calls: number;
  readonly execTime: number;
}

/** Sums up statements that may not be seen. */
export function sumHidden(
  entries: readonly (Owner & Pick<Statement, "calls" | "execTime" | "isTopLevel">)[],
): HiddenStatements[] {
  const groups = new Map<string, HiddenStatements>();
  for (const entry of entries) {
    const { userId, user, databaseId, database } = entry;
    const key = `${userId} ${databaseId}`;
    const { statements = 0, calls = 0, execTime = 0 } = groups.get(key) ?? {};
    groups.set(key, {
      userId,
      user,
      databaseId,
      database,
      statements: statements + 1,
      calls: calls + entry.calls,
      // What a function ran counts in the statement that called it.
      execTime: execTime + (entry.isTopLevel ? entry.execTime : 0),
    });
  }
  return [...groups.values()];
}

/** All that pg_stat_statements said at a moment. */
export interface Reading {
  readonly takenAt: string;
  readonly server: ServerIdentity;
  /** Null before version 1.9 of the extension, as is `dealloc`. */
  readonly statsReset: string | null;
  /** How often the least used entries were evicted to make room. */
  readonly dealloc: number | null;
  readonly entries: number;
  readonly maxEntries: number | null;
  readonly statements: readonly Statement[];
  readonly hidden: readonly HiddenStatements[];
}

/** A snapshot that is the begin of a window, and the time for which it was looked up; null for one that was named. */
export interface StoredMoment {
  readonly id: number;
  readonly takenAt: string;
  readonly wantedAt: string | null;
}

/** Statements over a time: since the statistics were reset, or between two readings. */
export interface Window {
  /** Null where it is not known. */
  readonly from: string | null;
  readonly to: string;
  /** Since when: that the statistics were reset, the begin of a sample, or a stored snapshot. */
  readonly source: "reset" | "sample" | "snapshot";
  readonly snapshot: StoredMoment | null;
  readonly server: ServerIdentity;
  readonly entries: number;
  readonly maxEntries: number | null;
  readonly statements: readonly Statement[];
  readonly hidden: readonly HiddenStatements[];
  /** How often entries were evicted in that time; null where it is not known. */
  readonly evictions: number | null;
  /** Between the readings, the statistics were reset, or the server was restarted. */
  readonly wasReset: boolean;
  readonly wasRestarted: boolean;
  /** How many entries of the first reading the second does not have. */
  readonly vanished: number;
}

/** Makes one reading a window. */
export function sinceReset(reading: Reading): Window {
  const { server, entries, maxEntries, statements, hidden } = reading;
  return {
    from: reading.statsReset ?? oldest(statements),
    to: reading.takenAt,
    source: "reset",
    snapshot: null,
    server,
    entries,
    maxEntries,
    statements,
    hidden,
    evictions: reading.dealloc,
    wasReset: false,
    wasRestarted: false,
    vanished: 0,
  };
}

function oldest(statements: readonly Statement[]): string | null {
  const since = statements.reduce((least, each) => Math.min(least, each.since ?? least), Infinity);
  return since === Infinity ? null : new Date(since).toISOString();
}

/** Names an entry: the same in every reading of a server. */
export function keyOf(
  entry: Pick<Statement, "userId" | "databaseId" | "queryId" | "isTopLevel">,
): string {
  return `${entry.userId} ${entry.databaseId} ${entry.queryId} ${entry.isTopLevel}`;
}
