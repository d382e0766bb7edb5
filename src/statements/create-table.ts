import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Relation } from "./catalog.ts";
import { findRange, touch, withDescendants, type Scope, type Touch } from "./footprint.ts";
import { nodesOf } from "./syntax.ts";

/** What CREATE TABLE locks of tables that are there: parents, those that it refers to, those that it is like. */
export function createTableTouches(tree: SyntaxNode, scope: Scope): Touch[] {
  const parents = nodesOf(tree["inhRelations"]).map(({ node }) => findRange(scope, node));
  const elements = nodesOf(tree["tableElts"]);
  const constraints = elements.flatMap(({ kind, node }) =>
    kind === "Constraint" ? [node] : nodesOf(node["constraints"]).map((each) => each.node),
  );
  return [
    ...(tree["partbound"] === undefined
      ? touch(parents, "SHARE UPDATE EXCLUSIVE")
      : parents.flatMap((parent) => newPartitionTouches(parent, scope))),
    ...constraints
      .filter(({ contype }) => contype === "CONSTR_FOREIGN")
      .flatMap(({ pktable }) =>
        touch(withDescendants(scope, findRange(scope, pktable)), "SHARE ROW EXCLUSIVE"),
      ),
    ...elements
      .filter(({ kind }) => kind === "TableLikeClause")
      .flatMap(({ node }) => touch(findRange(scope, node["relation"]), "ACCESS SHARE")),
  ];
}

/** A new partition gets the foreign keys of its parent, and the default partition must hold none of its rows. */
function newPartitionTouches(parent: Relation, scope: Scope): Touch[] {
  return [
    ...touch(parent, "ACCESS EXCLUSIVE"),
    ...touch(scope.catalog.get(parent.default_partition), "ACCESS EXCLUSIVE"),
    ...touch(scope.catalog.referenced(parent), "SHARE ROW EXCLUSIVE"),
  ];
}
