import { nodesOf, relationName } from "../../statements/syntax.ts";
import { liveTouches, named, namedAll } from "./live.ts";
import { rowChanges } from "./row-changes.ts";
import type { Rule } from "./rule.ts";

const truncate: Rule = {
  id: "truncate",
  level: "error",
  reason:
    "What TRUNCATE removes comes back from a backup only, and CASCADE goes on to all tables that refer to it.",
  alternative:
    "DELETE in batches what is to go; where all rows are to go, say why with check:ignore. Name the tables that CASCADE would reach.",
  find: (statement) => {
    const { kind, tree } = statement;
    if (kind !== "TruncateStmt") return [];
    const names = new Set(nodesOf(tree["relations"]).map(({ node }) => relationName(node).name));
    const emptied = liveTouches(statement).map(({ relation }) => relation);
    const reached = emptied.filter(({ name, parents }) => !names.has(name) && parents === null);
    const asked = emptied.filter(({ name }) => names.has(name));
    const [first] = emptied;
    if (first === undefined) return [];
    const more =
      reached.length === 0 ? "" : `, and with CASCADE those of ${reached.map(named).join(", ")}`;
    const message = `All rows of ${asked.map(named).join(", ")} are removed${more}.`;
    return [{ message, object: first.text }];
  },
};

const deleteWithoutWhere: Rule = {
  id: "delete-without-where",
  level: "error",
  reason: "A DELETE without WHERE is most often a condition that was forgotten.",
  alternative: "Say which rows, in batches; where all are meant, say why with check:ignore.",
  find: (statement, scope) =>
    rowChanges(statement, scope)
      .filter(({ verb, hasCondition }) => verb === "deleted" && !hasCondition)
      .map(({ table }) => ({
        message: `All rows of ${named(table)} are deleted.`,
        object: table.text,
      })),
};

const unbatchedChange: Rule = {
  id: "unbatched-change",
  level: "warning",
  reason:
    "One UPDATE or DELETE of many rows locks each of them until its end, leaves as many dead rows behind, and has to begin again when it fails.",
  alternative:
    "Batches of some thousand rows by ranges of the key, each a statement of its own, in a migration whose first line is -- migrate:up transaction:false.",
  find: (statement, scope) =>
    rowChanges(statement, scope)
      .filter(
        ({ verb, hasCondition, isNarrow }) => !isNarrow && (verb === "updated" || hasCondition),
      )
      .map(({ table, verb, hasCondition }) => {
        const which = hasCondition ? " that meet the condition" : "";
        const message = `All rows of ${named(table)}${which} are ${verb} at once, and nobody else can change them meanwhile.`;
        return { message, object: table.text };
      }),
};

const lockTable: Rule = {
  id: "lock-table",
  level: "warning",
  reason:
    "Others wait for it, and few migrations need more than the locks that their statements take.",
  alternative:
    "Leave it out: each statement takes the lock that it needs. Where two statements must see the same rows, SHARE ROW EXCLUSIVE lets others read.",
  find: (statement) => {
    const held = liveTouches(statement).filter(({ lock }) => heavy.has(lock));
    const [first] = held;
    return statement.kind === "LockStmt" && first !== undefined
      ? [
          {
            message: `${namedAll(held.map(({ relation }) => relation))} is locked with ${first.lock} until the migration ends.`,
            object: first.relation.text,
          },
        ]
      : [];
  },
};

/** What makes readers wait, or all others. */
const heavy = new Set(["EXCLUSIVE", "ACCESS EXCLUSIVE"]);

export const dataRules: readonly Rule[] = [
  truncate,
  deleteWithoutWhere,
  unbatchedChange,
  lockTable,
];
