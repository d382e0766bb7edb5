import { findRange } from "../../statements/footprint.ts";
import { alterations, worksOfKind, type Alteration } from "./alterations.ts";
import { indexSentence, isLive, liveTouches, named, waitingFor, workSentence } from "./live.ts";
import type { LintedStatement, LintScope, Problem, Rule } from "./rule.ts";
import { isOn } from "../../statements/syntax.ts";

const columnRewritesTable: Rule = {
  id: "column-rewrites-table",
  level: "error",
  reason:
    "A new column whose value differs from row to row writes the whole table and its indexes anew, under a lock that lets nobody read or write.",
  alternative:
    "ADD COLUMN without the default, ALTER COLUMN … SET DEFAULT for new rows, then fill the old rows in batches. A constant, and now(), rewrite nothing.",
  find: (statement, scope) =>
    rewrites(statement, scope, ({ subtype }) => subtype === "AT_AddColumn"),
};

const typeRewritesTable: Rule = {
  id: "type-rewrites-table",
  level: "error",
  reason:
    "A type whose values are stored otherwise writes the whole table and its indexes anew, under a lock that lets nobody read or write.",
  alternative:
    "Add a column of the new type, keep it up to date with a trigger, fill it in batches, then rename the two in one migration.",
  find: (statement, scope) =>
    rewrites(statement, scope, ({ subtype }) => subtype === "AT_AlterColumnType"),
};

const typeRebuildsIndex: Rule = {
  id: "type-rebuilds-index",
  level: "error",
  reason:
    "The rows stay as they are, but indexes on the column are built anew and its constraints checked, under a lock that lets nobody read or write.",
  alternative:
    "Build the index that will be needed on a new column, concurrently, and swap the columns; or drop the index first, if queries can do without it, and build it concurrently afterwards.",
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter((each) => each.subtype === "AT_AlterColumnType")
      .flatMap((each) =>
        each.works
          .filter(({ work }) => work.kind !== "rewrite")
          .map((work) =>
            problem(work.work.kind === "scan" ? workSentence(work) : indexSentence(work), each),
          ),
      ),
};

const tableRewritten: Rule = {
  id: "table-rewritten",
  level: "error",
  reason:
    "SET LOGGED, SET UNLOGGED, SET TABLESPACE, SET ACCESS METHOD and SET EXPRESSION copy the whole table, under a lock that lets nobody read or write.",
  alternative:
    "Make a new table as it should be, copy the rows in batches, and swap the names; or a maintenance window, said with check:ignore.",
  find: (statement, scope) => rewrites(statement, scope, ({ subtype }) => !columns.has(subtype)),
};

/** They have rules of their own. */
const columns = new Set(["AT_AddColumn", "AT_AlterColumnType"]);

function rewrites(
  statement: LintedStatement,
  scope: LintScope,
  isMeant: (alteration: Alteration) => boolean,
): Problem[] {
  return alterations(statement, scope)
    .filter(isMeant)
    .flatMap((each) =>
      worksOfKind(each, "rewrite").map((work) => problem(workSentence(work), each)),
    );
}

function problem(message: string, { table }: Alteration): Problem {
  return { message, object: table.text };
}

const vacuumFull: Rule = {
  id: "vacuum-full",
  level: "error",
  reason:
    "VACUUM FULL and CLUSTER write the whole table anew, under a lock that lets nobody read or write.",
  alternative:
    "Plain VACUUM, which lets all go on, keeps a table from growing; pg_repack makes it smaller beside the traffic.",
  find: (statement) => {
    const { kind, tree } = statement;
    const isFull =
      kind === "VacuumStmt" && tree["is_vacuumcmd"] === true && isOn(tree["options"], "full");
    if (kind !== "ClusterStmt" && !isFull) return [];
    const isAll = tree["relation"] === undefined && tree["rels"] === undefined;
    if (isAll)
      return [
        { message: `All tables are written anew; meanwhile ${waitingFor("ACCESS EXCLUSIVE")}.` },
      ];
    return liveTouches(statement).flatMap(({ relation, lock, work: all }) =>
      all.map((work) => ({
        message: workSentence({ tables: [relation], work, lock }),
        object: relation.text,
      })),
    );
  },
};

const refreshNotConcurrent: Rule = {
  id: "refresh-not-concurrent",
  level: "warning",
  reason: "REFRESH MATERIALIZED VIEW lets nobody read the view until its query has come to an end.",
  alternative:
    "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on plain columns; or leave it to doramaflix-db views refresh.",
  find: ({ kind, tree }, scope) => {
    if (kind !== "RefreshMatViewStmt" || tree["concurrent"] === true) return [];
    const view = findRange(scope, tree["relation"]);
    if (!isLive(view)) return [];
    const message =
      tree["skipData"] === true
        ? `${named(view)} is emptied, and cannot be read until it is refreshed.`
        : `The rows of ${named(view)} are computed anew; meanwhile ${waitingFor("ACCESS EXCLUSIVE")}.`;
    return [{ message, object: view.text }];
  },
};

export const rewriteRules: readonly Rule[] = [
  columnRewritesTable,
  typeRewritesTable,
  typeRebuildsIndex,
  tableRewritten,
  vacuumFull,
  refreshNotConcurrent,
];
