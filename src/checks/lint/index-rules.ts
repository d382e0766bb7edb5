import { findRange } from "../../statements/footprint.ts";
import { partsAfterRelation } from "../../statements/names.ts";
import { dottedName, isOn, nodesOf, textOf } from "../../statements/syntax.ts";
import { addsConstraint, alterations, worksOfKind, type Alteration } from "./alterations.ts";
import {
  holdsUp,
  indexSentence,
  isLive,
  liveTouches,
  named,
  namedAll,
  waitingFor,
} from "./live.ts";
import type { LintedStatement, LintScope, Problem, Rule } from "./rule.ts";

/** Tables on which a statement builds indexes while others wait. */
function builtUnderLock(statement: LintedStatement): Problem[] {
  const built = liveTouches(statement).flatMap(({ relation, lock, work }) =>
    holdsUp(lock)
      ? work
          .filter(({ kind }) => kind === "index build")
          .map((each) => ({ tables: [relation], work: each, lock }))
      : [],
  );
  const [first] = built;
  if (first === undefined) return [];
  const tables = [...new Set(built.flatMap((each) => each.tables))];
  const message =
    statement.kind === "ReindexStmt" && built.length > 1
      ? `All indexes of ${namedAll(tables)} are built anew; meanwhile ${waitingFor(first.lock)}.`
      : indexSentence({ ...first, tables });
  return [{ message, object: first.tables[0]?.text }];
}

const indexNotConcurrent: Rule = {
  id: "index-not-concurrent",
  level: "error",
  reason: "CREATE INDEX lets nobody write to the table until the index is built.",
  alternative:
    "CREATE INDEX CONCURRENTLY, in a migration whose first line is -- migrate:up transaction:false.",
  find: (statement, scope) =>
    statement.kind === "IndexStmt" && findRange(scope, statement.tree["relation"]).kind !== "p"
      ? builtUnderLock(statement)
      : [],
};

const indexOnPartitionedTable: Rule = {
  id: "index-on-partitioned-table",
  level: "error",
  reason:
    "CREATE INDEX on a partitioned table builds the indexes of all partitions, and lets nobody write to any of them meanwhile.",
  alternative:
    "CREATE INDEX … ON ONLY the parent, CREATE INDEX CONCURRENTLY on each partition, then ALTER INDEX … ATTACH PARTITION for each.",
  find: (statement, scope) =>
    statement.kind === "IndexStmt" && findRange(scope, statement.tree["relation"]).kind === "p"
      ? builtUnderLock(statement)
      : [],
};

const dropIndexNotConcurrent: Rule = {
  id: "drop-index-not-concurrent",
  level: "warning",
  reason: "DROP INDEX waits until nobody uses the table, and all who come after it wait behind it.",
  alternative:
    "DROP INDEX CONCURRENTLY, in a migration whose first line is -- migrate:up transaction:false.",
  find: ({ kind, tree }, scope) => {
    if (kind !== "DropStmt" || tree["removeType"] !== "OBJECT_INDEX" || tree["concurrent"] === true)
      return [];
    return nodesOf(tree["objects"]).flatMap(({ node }) => {
      const index = scope.find(dottedName({ List: node }, partsAfterRelation("OBJECT_INDEX")));
      const table = scope.catalog.get(index.table);
      // Those of a partitioned table cannot be dropped concurrently.
      if (table === undefined || !isLive(table) || index.kind !== "i") return [];
      const message = `${named(index)} is dropped under a lock on ${named(table)}: ${waitingFor("ACCESS EXCLUSIVE")}.`;
      return [{ message, object: index.text }];
    });
  },
};

const reindexNotConcurrent: Rule = {
  id: "reindex-not-concurrent",
  level: "error",
  reason:
    "REINDEX lets nobody write to the table until the index is built, and queries that would use the index wait as well.",
  alternative:
    "REINDEX … CONCURRENTLY, in a migration whose first line is -- migrate:up transaction:false.",
  find: (statement) => {
    const { kind, tree } = statement;
    if (kind !== "ReindexStmt" || isOn(tree["params"], "concurrently")) return [];
    return tree["relation"] === undefined
      ? [
          {
            message:
              "All indexes are built anew; writes to one table after the other wait (SHARE).",
          },
        ]
      : builtUnderLock(statement);
  },
};

const constraintBuildsIndex: Rule = {
  id: "constraint-builds-index",
  level: "error",
  reason:
    "ADD PRIMARY KEY and ADD UNIQUE build their index under a lock that lets nobody read or write.",
  alternative:
    "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD CONSTRAINT … USING INDEX, which takes a moment.",
  find: (statement, scope) =>
    constraintIndexes(statement, scope, (each) =>
      ["CONSTR_PRIMARY", "CONSTR_UNIQUE"].some((contype) => addsConstraint(each, contype)),
    ),
};

const exclusionConstraint: Rule = {
  id: "exclusion-constraint",
  level: "error",
  reason:
    "ADD CONSTRAINT … EXCLUDE builds its index under a lock that lets nobody read or write, and has no form that does not.",
  alternative:
    "Make a new table with the constraint and move the rows there in batches, or run it in a maintenance window and say so with check:ignore.",
  find: (statement, scope) =>
    constraintIndexes(statement, scope, (each) => addsConstraint(each, "CONSTR_EXCLUSION")),
};

function constraintIndexes(
  statement: LintedStatement,
  scope: LintScope,
  isMeant: (alteration: Alteration) => boolean,
): Problem[] {
  return alterations(statement, scope)
    .filter(isMeant)
    .flatMap((each) =>
      worksOfKind(each, "index build").map((work) => ({
        message: indexSentence(work),
        object: each.table.text,
      })),
    );
}

const concurrentlyIfNotExists: Rule = {
  id: "concurrently-if-not-exists",
  level: "warning",
  reason:
    "A concurrent build that fails leaves an INVALID index of that name, which IF NOT EXISTS takes for the real one.",
  alternative:
    "Leave IF NOT EXISTS out: the journal knows whether the statement was run, and drops what an interrupted build left.",
  find: ({ kind, tree }, scope) => {
    if (kind !== "IndexStmt" || tree["concurrent"] !== true || tree["if_not_exists"] !== true)
      return [];
    const table = findRange(scope, tree["relation"]);
    const name = textOf(tree["idxname"]);
    return [
      {
        message: `An index "${name}" on ${named(table)} that a failed build has left would count as built.`,
        object: table.text,
      },
    ];
  },
};

const concurrentlyNotSupported: Rule = {
  id: "concurrently-not-supported",
  level: "error",
  reason: "PostgreSQL has no CONCURRENTLY for this.",
  alternative:
    "Of a partitioned table: build or drop the index of each partition concurrently. To detach beside a default partition: without CONCURRENTLY, at a quiet hour.",
  find: ({ kind, tree }, scope) => {
    if (kind === "IndexStmt" && tree["concurrent"] === true) {
      const table = findRange(scope, tree["relation"]);
      // ON ONLY is refused as well.
      return table.kind === "p" ? [notSupported(`${named(table)} is partitioned`, table.text)] : [];
    }
    if (kind === "DropStmt" && tree["concurrent"] === true) {
      return nodesOf(tree["objects"])
        .map(({ node }) => scope.find(dottedName({ List: node })))
        .filter((index) => index.kind === "I")
        .map((index) =>
          notSupported(`${named(index)} is the index of a partitioned table`, index.text),
        );
    }
    return detachedBesideDefault({ kind, tree }, scope);
  },
};

function detachedBesideDefault(
  { kind, tree }: Pick<LintedStatement, "kind" | "tree">,
  scope: LintScope,
): Problem[] {
  if (kind !== "AlterTableStmt") return [];
  const parent = findRange(scope, tree["relation"]);
  const isConcurrent = nodesOf(tree["cmds"]).some(
    ({ node }) =>
      node["subtype"] === "AT_DetachPartition" &&
      JSON.stringify(node).includes('"concurrent":true'),
  );
  const preset = scope.catalog.get(parent.default_partition);
  return isConcurrent && preset !== undefined
    ? [notSupported(`${named(parent)} has the default partition ${named(preset)}`, parent.text)]
    : [];
}

function notSupported(because: string, object: string): Problem {
  return { message: `The statement will fail: ${because}.`, object };
}

export const indexRules: readonly Rule[] = [
  indexNotConcurrent,
  indexOnPartitionedTable,
  dropIndexNotConcurrent,
  reindexNotConcurrent,
  constraintBuildsIndex,
  exclusionConstraint,
  concurrentlyIfNotExists,
  concurrentlyNotSupported,
];
