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
  const undone = new Error("The transaction is rolled back.");
  let effects: RealEffects | undefined;
  const run = sql.begin(async (session) => {
    const before = await session.unsafe<Filenode[]>(filenodes);
    await session.unsafe(statement);
    const taken = await session.unsafe<Held[]>(locks("pg_backend_pid()"));
    effects = compare(before, await session.unsafe<Filenode[]>(filenodes), taken);
    throw undone;
  });
  await run.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  if (effects === undefined) throw new Error("The statement was not run.");
  return effects;
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
  try {
    const pid = await untilBlocked(sql, other.pid);
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
