import postgres from "postgres";
import { lockModeOf, strongest, type LockMode } from "../../src/statements/lock-modes.ts";
import { untilBlocked } from "./backends.ts";
import { holdLock } from "./lock-holder.ts";

/** What a statement did to the tables that were there before it. */
export interface RealEffects {
  /** The strongest lock on each table and view. */
  readonly locks: Readonly<Record<string, LockMode>>;
  /** Tables whose rows were written anew or removed. */
  readonly rewritten: readonly string[];
  /** How many indexes each table got, or got anew, where its rows stayed. */
  readonly built: Readonly<Record<string, number>>;
}

interface Filenode {
  readonly oid: number;
  readonly name: string;
  readonly filenode: number;
  /** Of an index, its table. */
  readonly table: string | null;
}

const filenodes = `
  select c.oid::int, c.relname as name, c.relfilenode as filenode, t.relname as table
  from pg_class c
  left join pg_index i on i.indexrelid = c.oid
  left join pg_class t on t.oid = i.indrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'v', 'i')`;

/** A lock on something that the statement has dropped or renamed is still one on what was there before. */
const locks = (pid: string): string => `
  select relation::int as oid, mode
  from pg_locks
  where pid = ${pid} and locktype = 'relation'`;

/** Runs a statement in a transaction that is rolled back, and looks at the catalog inside it. */
export async function effectsInTransaction(
  sql: postgres.Sql,
  statement: string,
): Promise<RealEffects> {
  const [effects] = await effectsOfEach(sql, [statement], "rollback");
  if (effects === undefined) throw new Error("The statement was not run.");
  return { locks: effects.locks, rewritten: effects.rewritten, built: effects.built };
}

/** The same, with the tables that were read from the first to the last row. */
export interface ScanEffects extends RealEffects {
  readonly scanned: readonly string[];
}

/** Runs statements in one transaction, and says of each what it did; locks are all that the transaction holds by then. */
export async function effectsOfEach(
  sql: postgres.Sql,
  statements: readonly string[],
  end: "commit" | "rollback",
): Promise<ScanEffects[]> {
  const undone = new Error("The transaction is rolled back.");
  const effects: ScanEffects[] = [];
  const run = sql.begin(async (session) => {
    const before = await session.unsafe<Filenode[]>(filenodes);
    let [last, scanned] = [before, await session.unsafe<Scans[]>(scans)];
    for (const statement of statements) {
      await session.unsafe(statement);
      const taken = await session.unsafe<Held[]>(locks("pg_backend_pid()"));
      const now = await session.unsafe<Filenode[]>(filenodes);
      const read = await session.unsafe<Scans[]>(scans);
      const { rewritten, built } = compare(last, now, taken);
      effects.push({
        locks: strongestOf(before, taken),
        rewritten,
        built,
        scanned: read
          .filter(
            ({ oid, count }) => count > (scanned.find((each) => each.oid === oid)?.count ?? 0),
          )
          .filter(({ oid }) => before.some((each) => each.oid === oid))
          .map(({ name }) => name),
      });
      [last, scanned] = [now, read];
    }
    if (end === "rollback") throw undone;
  });
  await run.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return effects;
}

interface Scans {
  readonly oid: number;
  readonly name: string;
  readonly count: number;
}

const scans = `
  select relid::int as oid, relname as name, seq_scan::int as count
  from pg_stat_xact_user_tables
  order by relname`;

/** What a statement did that runs without a transaction: tables that were written anew, and indexes that were built. */
export async function effectsAround(
  sql: postgres.Sql,
  run: () => Promise<void>,
): Promise<Pick<RealEffects, "rewritten" | "built">> {
  const before = await sql.unsafe<Filenode[]>(filenodes);
  await run();
  return compare(before, await sql.unsafe<Filenode[]>(filenodes), []);
}

/** Runs a statement that needs no transaction against the lock of another session, and looks at what it has or waits for. */
export async function locksWhileBlocked(
  { url, sql }: { readonly url: string; readonly sql: postgres.Sql },
  statement: string,
  holder: string,
): Promise<RealEffects["locks"]> {
  const other = await holdLock(url, holder);
  const session = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  const run = session.unsafe(statement).execute();
  // A statement that the server refuses at once is never blocked.
  const refused = run.then(async () => new Promise<never>(() => {}));
  try {
    const pid = await Promise.race([untilBlocked(sql, other.pid), refused]);
    const held = await sql.unsafe<Held[]>(locks(String(pid)));
    return strongestOf(await sql.unsafe<Filenode[]>(filenodes), held);
  } finally {
    await other.release();
    await run;
    await session.end({ timeout: 1 });
  }
}

interface Held {
  readonly oid: number;
  readonly mode: string;
}

function strongestOf(before: readonly Filenode[], held: readonly Held[]): RealEffects["locks"] {
  const result: Record<string, LockMode> = {};
  for (const { oid, mode } of held) {
    const found = before.find((each) => each.oid === oid && each.table === null);
    if (found === undefined) continue;
    result[found.name] = strongest(result[found.name] ?? "ACCESS SHARE", lockModeOf(mode));
  }
  return result;
}

function compare(
  before: readonly Filenode[],
  after: readonly Filenode[],
  held: readonly Held[],
): RealEffects {
  const rewritten = before.filter(
    (each) =>
      each.table === null &&
      after.some(({ oid, filenode }) => oid === each.oid && filenode !== each.filenode),
  );
  const names = rewritten.map(({ name }) => name).toSorted();
  const present = new Set(before.map(({ name }) => name));
  const known = new Set(before.map(({ filenode }) => filenode));
  const built: Record<string, number> = {};
  for (const { table, filenode } of after) {
    if (table === null || !present.has(table) || names.includes(table)) continue;
    if (!known.has(filenode)) built[table] = (built[table] ?? 0) + 1;
  }
  return { locks: strongestOf(before, held), rewritten: names, built };
}
