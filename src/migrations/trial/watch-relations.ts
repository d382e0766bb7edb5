import type { Database } from "../../db/database.ts";
import { lockModeOf, strength } from "../../statements/lock-modes.ts";
import { ownLocks, trialRelations } from "./queries.ts";
import type { Effects } from "./results.ts";
import type { OwnLock, TrialRelation } from "./rows.ts";

type Changes = Omit<Effects, "duration">;

/** Returns what has happened to relations since it was called last. */
export type Watch = () => Promise<Changes>;

/** Remembers which relations are there, and tells later what the transaction did to them; takes no lock on them. */
export async function watchRelations(database: Database): Promise<Watch> {
  const rows = await aside(database, trialRelations);
  const present = new Map(rows.map((row) => [row.oid, row]));
  let before: Held = new Map();
  return async () => {
    const now = strongestOf(await aside(database, ownLocks));
    const changes = compare(present, before, now);
    before = now;
    return changes;
  };
}

/**
 * Reads in a subtransaction that is rolled back: otherwise the settings that a query begins with would hold for the
 * statements that come after it in the transaction.
 */
async function aside<Row>(
  database: Database,
  read: (database: Database) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const [, rows] = await Promise.all([
    database.query("savepoint doramaflix_db_aside"),
    read(database),
    database.query(
      "rollback to savepoint doramaflix_db_aside; release savepoint doramaflix_db_aside",
    ),
  ]);
  return rows;
}

type Held = ReadonlyMap<number, OwnLock>;

function strongestOf(rows: readonly OwnLock[]): Held {
  const weakestFirst = rows.toSorted((one, other) => strengthOf(one) - strengthOf(other));
  return new Map(weakestFirst.map((row) => [row.oid, row]));
}

function strengthOf(lock: OwnLock | undefined): number {
  return lock === undefined ? -1 : strength(lockModeOf(lock.mode));
}

/** What is not locked has not been changed by us, and then its file is the one that it had at first. */
function compare(present: ReadonlyMap<number, TrialRelation>, before: Held, now: Held): Changes {
  const found = [...now.values()].flatMap((lock) => {
    const relation = present.get(lock.oid);
    return relation === undefined ? [] : [{ lock, relation, earlier: before.get(lock.oid) }];
  });
  return {
    locks: found
      .filter(({ lock, earlier }) => strengthOf(lock) > strengthOf(earlier))
      .toSorted((one, other) => strengthOf(other.lock) - strengthOf(one.lock))
      .map(({ lock, relation }) => ({
        relation: relation.name,
        kind: kinds[relation.kind] ?? "table",
        mode: lockModeOf(lock.mode),
        holdsUpWrites: relation.kind !== "v" && strengthOf(lock) >= strength("SHARE"),
      })),
    rewritten: found
      .filter(({ relation: { kind } }) => kind === "r" || kind === "m")
      .filter(
        ({ lock: { file }, relation, earlier }) =>
          file !== null && file !== (earlier?.file ?? relation.file),
      )
      .map(({ relation }) => relation.name),
  };
}

/** By pg_class.relkind. */
const kinds: Readonly<Record<string, Effects["locks"][number]["kind"]>> = {
  p: "partitioned table",
  f: "foreign table",
  v: "view",
  m: "materialized view",
  S: "sequence",
  i: "index",
  I: "index",
};
