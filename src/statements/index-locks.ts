import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Relation } from "./catalog.ts";
import { findRange, touch, withDescendants, type Scope, type Touch, work } from "./footprint.ts";
import { indexName } from "./names.ts";
import { includesDescendants, isOn, textOf } from "./syntax.ts";

/** What statements about indexes lock: the tables, whose indexes are not told apart. */
export const indexRules: Readonly<Record<string, (tree: SyntaxNode, scope: Scope) => Touch[]>> = {
  IndexStmt: createIndexTouches,
  ReindexStmt: reindexTouches,
};

function createIndexTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const { relation: range, idxname } = tree;
  const table = findRange(scope, range);
  const isThere = indexName(tree).some((name) => scope.find(name).state !== "missing");
  const built = [
    work("index build", idxname === undefined ? "an index" : `index "${textOf(idxname)}"`),
  ];
  if (tree["concurrent"] === true)
    return concurrent(touch(table, "SHARE UPDATE EXCLUSIVE", built), "SHARE");
  if (isThere && tree["if_not_exists"] === true) return touch(table, "SHARE");
  const all = includesDescendants(range) ? withDescendants(scope, table) : [table];
  return all.flatMap((each) => touch(each, "SHARE", each.kind === "p" ? [] : built));
}

/** It waits until nobody is left who may not know of the change. */
export function concurrent(touches: Touch[], awaits: NonNullable<Touch["awaits"]>): Touch[] {
  return touches.map((each) => ({ ...each, awaits }));
}

function reindexTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  if (tree["relation"] === undefined) return [];
  const found = findRange(scope, tree["relation"]);
  const table: Relation | undefined =
    tree["kind"] === "REINDEX_OBJECT_INDEX" ? scope.catalog.get(found.table) : found;
  const all = table === undefined ? [] : withDescendants(scope, table);
  const isOne = tree["kind"] === "REINDEX_OBJECT_INDEX";
  const isConcurrent = isOn(tree["params"], "concurrently");
  const touches = all.flatMap((each) =>
    touch(
      each,
      isConcurrent ? "SHARE UPDATE EXCLUSIVE" : "SHARE",
      (each.indexes ?? [])
        .filter(
          ({ name }) => each.kind !== "p" && (!isOne || name === found.name || table?.kind === "p"),
        )
        .map(({ name }) => work("index build", `index "${name}" is built anew`)),
    ),
  );
  return isConcurrent ? concurrent(touches, "ACCESS EXCLUSIVE") : touches;
}
