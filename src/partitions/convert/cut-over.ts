import { quoteLiteral } from "../../core/identifiers.ts";
import type { Database } from "../../db/database.ts";
import { locksOf } from "./locks.ts";
import { runAlone } from "./prepare.ts";
import { aheadStatements, cutOverStatements } from "./queries.ts";
import type { ConvertResult } from "./results.ts";
import { withLockRetries, type TableWork } from "./table-work.ts";

type Statements = ConvertResult["statements"];

/** Reads the statements of the transaction of the cut-over. */
export async function readCutOver(
  { database, input, table, found }: TableWork,
  cut: Date,
): Promise<Statements> {
  const { column, granularity, ahead } = input;
  const given = { relation: table.name, column, granularity, encoding: found.encoding, ahead };
  const rows = await cutOverStatements(database, { ...given, cut: cut.toISOString() });
  return rows.map(({ statement, ...row }) => ({
    phase: "cut-over",
    sql: statement,
    locks: locksOf(row),
    readsTable: false,
  }));
}

/** Reads the statements that create further partitions after the cut-over. */
export async function readAhead(
  { database, input: { granularity, ahead }, table }: TableWork,
  cut: Date,
): Promise<Statements> {
  const given = { relation: table.name, granularity, ahead, cut: cut.toISOString() };
  const rows = await aheadStatements(database, given);
  return rows.map(({ statement, table: parent, referenced }) => ({
    phase: "ahead",
    sql: statement,
    locks: [
      { mode: "SHARE UPDATE EXCLUSIVE", tables: [parent] },
      ...(referenced.length > 0 ? [{ mode: "SHARE ROW EXCLUSIVE", tables: referenced }] : []),
    ],
    readsTable: false,
  }));
}

/** Creates further partitions, and returns what it has run. */
export async function createAhead(work: TableWork, cut: Date): Promise<Statements> {
  const statements = await readAhead(work, cut);
  for (const { sql } of statements)
    await withLockRetries(work, "A further partition", async () => runAlone(work, sql));
  return statements;
}

/** Turns the prepared table into a partitioned one, and returns how long that kept it locked, in milliseconds. */
export async function cutOver(work: TableWork): Promise<number> {
  const { database, input, table } = work;
  const { column, granularity, keyEncoding, ahead, lockTimeout } = input;
  const texts = [column, granularity, keyEncoding].map((text) =>
    text === null ? "null" : quoteLiteral(text),
  );
  const call = `public.convert_to_partitions(${table.oid}::oid::regclass, ${texts.join(", ")}, ${ahead})`;
  return withLockRetries(work, "The cut-over", async () => {
    const [{ locked_at: lockedAt }, committedAt] = await runLocked<{ locked_at: Date }>(
      database,
      `select c.locked_at from ${call} c`,
      lockTimeout,
    );
    return committedAt.getTime() - lockedAt.getTime();
  });
}

/** Runs a query that locks tables in a transaction of its own; returns its row, and when that was committed. */
export async function runLocked<Row extends { readonly locked_at: Date }>(
  database: Database,
  query: string,
  lockTimeout: number,
): Promise<[row: Row, committedAt: Date]> {
  try {
    // All in one message, so that nobody waits for us while we wait for the network.
    const results = await database.queryAll(
      `begin; set local lock_timeout = ${lockTimeout}; ${query}; commit; select pg_catalog.clock_timestamp() as committed_at`,
    );
    const rows = results.flat();
    const row = rows.find((each): each is Row => "locked_at" in each);
    const end = rows.find(
      (each): each is { readonly committed_at: Date } => "committed_at" in each,
    );
    if (row === undefined || end === undefined) throw new Error("The transaction returned no row.");
    return [row, end.committed_at];
  } catch (error) {
    // The connection may be what failed.
    await database.query("rollback").catch(() => {});
    throw error;
  }
}
