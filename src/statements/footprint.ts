import type { Catalog, Relation } from "./catalog.ts";
import { strongest, type LockMode } from "./lock-modes.ts";
import { relationName, type RelationName } from "./syntax.ts";

/** What a statement does with all rows of a table, or with an index of it, while it holds the lock. */
export interface TableWork {
  readonly kind: "rewrite" | "index build" | "scan" | "truncation" | "drop";
  /** False where the catalog alone cannot tell. */
  readonly certain: boolean;
  /** A clause that says why: 'the type of "a" changes from integer to bigint'. */
  readonly reason: string;
}

/** A relation that a statement locks. */
export interface Touch {
  readonly relation: Relation;
  readonly lock: LockMode;
  readonly work: readonly TableWork[];
  /** A statement that runs CONCURRENTLY waits in addition for all that conflicts with this mode. */
  readonly awaits?: LockMode;
}

/** What a statement touches. */
export interface Footprint {
  readonly touches: readonly Touch[];
  /** Why more than that cannot be known before it runs. */
  readonly unknown?: string;
}

/** What the rules may ask when they look at a statement. */
export interface Scope {
  readonly catalog: Catalog;
  readonly utc: boolean;
  find(name: RelationName): Relation;
}

export function touch(
  relations: Relation | readonly (Relation | undefined)[] | undefined,
  lock: LockMode,
  done: readonly TableWork[] = [],
): Touch[] {
  const list = [relations].flat() as readonly (Relation | undefined)[];
  return list
    .filter((each) => each !== undefined)
    .map((relation) => ({ relation, lock, work: done }));
}

/** Finds the relation that a RangeVar names. */
export function findRange(scope: Scope, range: unknown): Relation {
  return scope.find(relationName(range));
}

/** Returns a relation with its partitions and other children. */
export function withDescendants({ catalog }: Scope, relation: Relation): Relation[] {
  return [relation, ...catalog.descendants(relation)];
}

/** Leaves one touch for each relation, with the strongest of its locks and all of its work. */
export function mergeTouches(touches: readonly Touch[]): Touch[] {
  const merged = new Map<unknown, Touch>();
  for (const each of touches) {
    const { relation } = each;
    const key = relation.state === "missing" ? relation.text : relation.oid;
    const before = merged.get(key);
    const awaits = each.awaits ?? before?.awaits;
    merged.set(key, {
      relation,
      lock: before === undefined ? each.lock : strongest(before.lock, each.lock),
      work: [...(before?.work ?? []), ...each.work],
      ...(awaits !== undefined && { awaits }),
    });
  }
  return [...merged.values()];
}

export function work(kind: TableWork["kind"], reason: string, certain = true): TableWork {
  return { kind, certain, reason };
}
