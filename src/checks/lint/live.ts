import type { Relation } from "../../statements/catalog.ts";
import type { TableWork, Touch } from "../../statements/footprint.ts";
import { strength, type LockMode } from "../../statements/lock-modes.ts";
import type { LintedStatement } from "./rule.ts";

/** True for a table or a materialized view that was there before the migration: others use it. */
export function isLive({ state, kind }: Relation): boolean {
  return state === "present" && (kind === "r" || kind === "p" || kind === "m");
}

/** What a statement touches of all that others use. */
export function liveTouches({ footprint }: LintedStatement): Touch[] {
  return footprint.touches.filter(({ relation }) => isLive(relation));
}

/** The lock that a statement takes on a relation. */
export function lockOn({ footprint }: LintedStatement, { oid }: Relation): LockMode {
  const touch = footprint.touches.find(({ relation }) => relation.oid === oid);
  return touch?.lock ?? "ACCESS SHARE";
}

/** True for a lock that makes others wait who only read or write rows. */
export function holdsUp(lock: LockMode): boolean {
  return strength(lock) >= strength("SHARE");
}

/** Says who waits for a lock: "reads and writes wait (ACCESS EXCLUSIVE)". */
export function waitingFor(lock: LockMode): string {
  if (lock === "ACCESS EXCLUSIVE") return `reads and writes wait (${lock})`;
  return holdsUp(lock) ? `writes wait (${lock})` : `nobody has to wait (${lock})`;
}

/** Names one relation, in quotes that it may have already. */
export function named({ text }: Pick<Relation, "text">): string {
  return text.startsWith('"') ? text : `"${text}"`;
}

/** Names the first of several, in the order of their names, and counts the others. */
export function namedAll(relations: readonly Pick<Relation, "text">[]): string {
  const [first, ...others] = relations.toSorted((one, other) => (one.text < other.text ? -1 : 1));
  if (first === undefined) return "nothing";
  if (others.length === 0) return named(first);
  return `${named(first)} and ${others.length} ${others.length === 1 ? "other" : "others"}`;
}

/** Work of one kind on one or several tables, and the lock that is held meanwhile. */
export interface WorkUnderLock {
  readonly tables: readonly Relation[];
  readonly work: TableWork;
  readonly lock: LockMode;
}

/** Says what is done with the rows, and who waits until it is. */
export function workSentence({ tables, work, lock }: WorkUnderLock): string {
  const { kind, certain, reason } = work;
  const names = namedAll(tables);
  const what =
    kind === "rewrite"
      ? `${names} ${certain ? "is" : "may be"} written anew, as ${reason}`
      : `${certain ? "All" : "Perhaps all"} rows of ${names} are read, as ${reason}`;
  return `${what}; meanwhile ${waitingFor(lock)}.`;
}

/** The same for an index, which the work names. */
export function indexSentence({ tables, work, lock }: WorkUnderLock): string {
  const { reason } = work;
  const index = reason.charAt(0).toUpperCase() + reason.slice(1);
  const verb = reason.includes(" is ") ? "" : ` is built on ${namedAll(tables)}`;
  return `${index}${verb}; meanwhile ${waitingFor(lock)}.`;
}
