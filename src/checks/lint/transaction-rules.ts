import { visitNodes } from "../../core/sql-parser.ts";
import { strings, textOf } from "../../statements/syntax.ts";
import { heldLocks } from "./held-locks.ts";
import { holdsUp, liveTouches, named, waitingFor } from "./live.ts";
import { rowChanges } from "./row-changes.ts";
import type { LintedStatement, LintScope, Rule } from "./rule.ts";

const longWorkUnderLock: Rule = {
  id: "long-work-under-lock",
  level: "error",
  reason:
    "A lock is held until the migration ends: what takes long after it lets others wait as long, however light it is by itself.",
  alternative:
    "Put it into the next migration, which is a transaction of its own: validate there, fill there, in batches.",
  find: (statement, scope) => {
    const work = longWork(statement, scope);
    const [held] = work === undefined ? [] : heldLocks(scope);
    if (held === undefined) return [];
    const message = `${work} while ${named(held.relation)} is locked by line ${scope.lineOf(held.by)}: ${waitingFor(held.lock)}.`;
    return [{ message, object: held.relation.text }];
  },
};

/** Says what takes long in a statement that by itself holds up nobody; what does hold up others has rules of its own. */
function longWork(statement: LintedStatement, scope: LintScope): string | undefined {
  const change = rowChanges(statement, scope).find(({ isNarrow }) => !isNarrow);
  if (change !== undefined) return `Rows of ${named(change.table)} are ${change.verb}`;
  const touches = liveTouches(statement);
  const worked = touches.find(({ lock, work }) => !holdsUp(lock) && work.length > 0);
  if (worked !== undefined) return `All rows of ${named(worked.relation)} are read`;
  const isCopy =
    statement.kind === "CreateTableAsStmt" ||
    (statement.kind === "InsertStmt" && !JSON.stringify(statement.tree).includes('"valuesLists"'));
  const source = touches.find(({ lock }) => lock === "ACCESS SHARE");
  return isCopy && source !== undefined
    ? `Rows of ${named(source.relation)} are copied`
    : undefined;
}

const severalTablesLocked: Rule = {
  id: "several-tables-locked",
  level: "note",
  reason:
    "A transaction that has one table locked and waits for another is half of a deadlock, and holds up both meanwhile.",
  alternative:
    "One migration for each table. A lock that is not got in 3 seconds is given up and tried again, so the worst is a delay.",
  find: (statement, scope) => {
    const held = heldLocks(scope).filter(({ lock }) => lock === "ACCESS EXCLUSIVE");
    const [first] = held;
    const known = new Set(held.map(({ relation }) => relation.oid));
    const next = liveTouches(statement).find(
      ({ relation, lock }) => lock === "ACCESS EXCLUSIVE" && !known.has(relation.oid),
    );
    // One finding for a migration is enough.
    const isSecond = held.every(({ by }) => by === first?.by);
    if (first === undefined || next === undefined || !isSecond) return [];
    const message = `${named(next.relation)} is locked after ${named(first.relation)}, which line ${scope.lineOf(first.by)} locks until the migration ends.`;
    return [{ message, object: next.relation.text }];
  },
};

const enumValueUsed: Rule = {
  id: "enum-value-used",
  level: "error",
  reason:
    "A value that an enumerated type gets cannot be used before the transaction that adds it has been committed.",
  alternative: "Add the value in a migration of its own, and use it in the next one.",
  find: (statement, { before, transaction, catalog }) => {
    if (!transaction) return [];
    const added = before.filter(
      ({ kind, tree }) => kind === "AlterEnumStmt" && tree["oldVal"] === undefined,
    );
    // A type of the same transaction has been free of this since PostgreSQL 17.
    const isNew = ({ tree }: LintedStatement): boolean =>
      catalog.serverVersion >= 170_000 &&
      before.some(
        (each) =>
          each.kind === "CreateEnumStmt" &&
          strings(each.tree["typeName"]).at(-1) === strings(tree["typeName"]).at(-1),
      );
    const used = added.find(
      (each) => !isNew(each) && hasText(statement, textOf(each.tree["newVal"])),
    );
    if (used === undefined) return [];
    const type = strings(used.tree["typeName"]).at(-1) ?? "";
    const message = `'${textOf(used.tree["newVal"])}' was added to the type "${type}" in the same transaction; PostgreSQL refuses its use (55P04).`;
    return [{ message, object: type }];
  },
};

function hasText({ kind, tree }: LintedStatement, text: string): boolean {
  if (kind === "AlterEnumStmt" || kind === "CommentStmt") return false;
  let found = false;
  visitNodes({ [kind]: tree }, (node, { sval }) => {
    const value = (sval as { readonly sval?: string } | undefined)?.sval;
    if (node === "A_Const" && value === text) found = true;
  });
  return found;
}

const notLookedInto: Rule = {
  id: "not-looked-into",
  level: "note",
  reason:
    "What a DO block, a procedure or a prepared statement does is not in the text of the migration, so no rule looks at it.",
  alternative:
    "Write the statements themselves where you can; the section trace of check says which locks it really took.",
  find: ({ kind, footprint: { unknown } }) =>
    hidden.has(kind) && unknown !== undefined
      ? [{ message: `${unknown.charAt(0).toUpperCase()}${unknown.slice(1)}.` }]
      : [],
};

const hidden = new Set(["DoStmt", "CallStmt", "ExecuteStmt"]);

export const transactionRules: readonly Rule[] = [
  longWorkUnderLock,
  severalTablesLocked,
  enumValueUsed,
  notLookedInto,
];
