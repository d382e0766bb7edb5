import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Relation } from "./catalog.ts";
import {
  findRange,
  touch,
  withDescendants,
  type Footprint,
  type Scope,
  type Touch,
  work,
} from "./footprint.ts";
import { concurrent } from "./index-locks.ts";
import { partsAfterRelation } from "./names.ts";
import { dottedName, includesDescendants, nodesOf } from "./syntax.ts";

/** What DROP locks; what falls with CASCADE is known for tables and views, and for nothing else. */
export function dropFootprint(tree: SyntaxNode, scope: Scope): Footprint {
  const { removeType, behavior, concurrent: isConcurrent } = tree;
  const cascade = behavior === "DROP_CASCADE";
  const type = String(removeType);
  const relations = nodesOf(tree["objects"]).map(({ kind, node }) =>
    scope.find(dottedName({ [kind]: node }, partsAfterRelation(type))),
  );
  const rule = drops[type];
  if (rule !== undefined) {
    const found =
      tree["missing_ok"] === true
        ? relations.filter(({ state }) => state !== "missing")
        : relations;
    const touches = found.flatMap((each) => rule(each, scope, cascade));
    return isConcurrent === true ? { touches: concurrentDrop(found, scope) } : { touches };
  }
  return cascade
    ? { touches: [], unknown: "what falls with CASCADE is not followed" }
    : { touches: [] };
}

type DropRule = (relation: Relation, scope: Scope, cascade: boolean) => Touch[];

const drops: Readonly<Record<string, DropRule>> = {
  OBJECT_TABLE: dropTableTouches,
  OBJECT_FOREIGN_TABLE: dropTableTouches,
  OBJECT_VIEW: dropViewTouches,
  OBJECT_MATVIEW: dropViewTouches,
  OBJECT_INDEX: (index, scope) =>
    touch(
      withDescendants(scope, tableOf(index, scope.catalog.get(index.table))),
      "ACCESS EXCLUSIVE",
    ),
  OBJECT_TRIGGER: (table) => touch(table, "ACCESS EXCLUSIVE"),
  OBJECT_POLICY: (table) => touch(table, "ACCESS EXCLUSIVE"),
  OBJECT_RULE: (table) => touch(table, "ACCESS EXCLUSIVE"),
};

function tableOf(index: Relation, table: Relation | undefined): Relation {
  return table ?? index;
}

function concurrentDrop(indexes: readonly Relation[], { catalog }: Scope): Touch[] {
  const tables = indexes.map((index) => tableOf(index, catalog.get(index.table)));
  return concurrent(touch(tables, "SHARE UPDATE EXCLUSIVE"), "ACCESS EXCLUSIVE");
}

function dropViewTouches(view: Relation, { catalog }: Scope, cascade: boolean): Touch[] {
  return touch([view, ...(cascade ? catalog.dependentViews(view) : [])], "ACCESS EXCLUSIVE");
}

/** With a table go its partitions, and the triggers of its foreign keys on the tables at their other ends. */
function dropTableTouches(table: Relation, scope: Scope, cascade: boolean): Touch[] {
  const { catalog } = scope;
  const all = withDescendants(scope, table);
  const parents = (table.parents ?? []).map((oid) => catalog.get(oid));
  return [
    ...touch(all, "ACCESS EXCLUSIVE", [work("drop", "it is dropped")]),
    ...touch(
      parents.flatMap((parent) =>
        parent?.kind === "p" ? [parent, catalog.get(parent.default_partition)] : [],
      ),
      "ACCESS EXCLUSIVE",
    ),
    ...touch(
      all.flatMap((each) => ownReferenced(each, scope)),
      "ACCESS EXCLUSIVE",
    ),
    ...(cascade
      ? touch(
          all.flatMap((each) => catalog.referencing(each).concat(catalog.dependentViews(each))),
          "ACCESS EXCLUSIVE",
        )
      : []),
  ];
}

/** A partition has no trigger of its own on the table to which the foreign key of its parent refers. */
function ownReferenced({ constraints }: Relation, { catalog }: Scope): (Relation | undefined)[] {
  return (constraints ?? [])
    .filter(({ inherited }) => !inherited)
    .map(({ references }) => catalog.get(references));
}

/** What TRUNCATE locks; with CASCADE all tables whose foreign keys lead there, at any distance. */
export function truncateTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const emptied = new Map<number, Relation>();
  const add = (relation: Relation): void => {
    if (emptied.has(relation.oid) && relation.state !== "missing") return;
    emptied.set(relation.oid, relation);
    if (tree["behavior"] === "DROP_CASCADE") {
      for (const each of scope.catalog.referencing(relation))
        withDescendants(scope, each).forEach(add);
    }
  };
  for (const { node } of nodesOf(tree["relations"])) {
    const relation = findRange(scope, node);
    (includesDescendants(node) ? withDescendants(scope, relation) : [relation]).forEach(add);
  }
  return [...emptied.values()].flatMap((each) =>
    touch(
      each,
      "ACCESS EXCLUSIVE",
      each.kind === "p" ? [] : [work("truncation", "all rows are removed")],
    ),
  );
}
