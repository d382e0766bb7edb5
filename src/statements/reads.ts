import { visitNodes, type SyntaxNode } from "../core/sql-parser.ts";
import type { Relation } from "./catalog.ts";
import {
  findRange,
  touch,
  withDescendants,
  type Footprint,
  type Scope,
  type Touch,
} from "./footprint.ts";
import type { LockMode } from "./lock-modes.ts";
import { functionName, type StatementTree } from "./names.ts";
import { includesDescendants, nodesOf, relationName, strings } from "./syntax.ts";

/** What a query, or a statement that changes rows, touches. */
export function queryFootprint({ kind, tree }: StatementTree, scope: Scope): Footprint {
  const touches: Touch[] = [];
  const reasons = new Set<string>();
  const root = { [kind]: tree };
  const commonTables = commonTableNames(root);
  visitNodes(root, (each, node) => {
    const change = rowChanges[each];
    if (change !== undefined) {
      const target = findRange(scope, node["relation"]);
      touches.push(...targetTouches(scope, target, node), ...change(scope, target, node));
      if (target.triggers > 0) reasons.add(`the triggers of "${target.text}" may do more`);
    } else if (each === "RangeVar" && !commonTables.has(nameKey(node))) {
      touches.push(
        ...readTouches(scope, findRange(scope, node), { descendants: includesDescendants(node) }),
      );
    } else if (each === "SelectStmt" && node["lockingClause"] !== undefined) {
      touches.push(...lockedRows(scope, node));
    } else if (each === "FuncCall") {
      const reason = unknownCall(scope, node);
      if (reason !== undefined) reasons.add(reason);
    }
  });
  const [unknown] = reasons;
  return { touches, ...(unknown !== undefined && { unknown: [...reasons].join("; ") }) };
}

interface ReadOptions {
  readonly descendants?: boolean;
  readonly lock?: LockMode;
}

/** Returns the locks of a relation that is read: a view's own, and those of everything that it reads. */
export function readTouches(
  scope: Scope,
  relation: Relation,
  { descendants = true, lock = "ACCESS SHARE" }: ReadOptions = {},
): Touch[] {
  const below = (relation.reads ?? []).map((oid) => scope.catalog.get(oid));
  return [
    ...touch(descendants ? withDescendants(scope, relation) : relation, lock),
    ...(relation.kind === "v"
      ? below.flatMap((each) => (each === undefined ? [] : readTouches(scope, each, { lock })))
      : []),
  ];
}

/** A name of WITH stands before any table of that name. */
export function commonTableNames(root: unknown): Set<string> {
  const names = new Set<string>();
  visitNodes(root, (kind, node) => {
    if (kind === "CommonTableExpr") names.add(String(node["ctename"]));
  });
  return names;
}

function nameKey(range: SyntaxNode): string {
  const { schema, name } = relationName(range);
  return schema === undefined ? name : "";
}

function lockedRows(scope: Scope, select: SyntaxNode): Touch[] {
  return nodesOf(select["fromClause"])
    .filter(({ kind }) => kind === "RangeVar")
    .flatMap(({ node }) =>
      readTouches(scope, findRange(scope, node), {
        descendants: includesDescendants(node),
        lock: "ROW SHARE",
      }),
    );
}

type RowChange = (scope: Scope, target: Relation, node: SyntaxNode) => Touch[];

const rowChanges: Readonly<Record<string, RowChange>> = {
  InsertStmt: (scope, target) => touch(scope.catalog.referenced(target), "ROW SHARE"),
  DeleteStmt: (scope, target) => keyChanges(scope, target, { action: "delete_action" }),

  UpdateStmt: (scope, target, node) => updateTouches(scope, target, node),
  MergeStmt: (scope, target, node) => [
    ...touch(scope.catalog.referenced(target), "ROW SHARE"),
    ...(JSON.stringify(node).includes('"CMD_DELETE"')
      ? keyChanges(scope, target, { action: "delete_action" })
      : []),
  ],
};

/** A row that is inserted goes to the partition of its key, which is not known here; others may be in any. */
function targetTouches(scope: Scope, target: Relation, node: SyntaxNode): Touch[] {
  if (target.kind === "v") {
    const touches = readTouches(scope, target, { lock: "ROW EXCLUSIVE" });
    return touches.length > 2 ? readTouches(scope, target) : touches;
  }
  const all =
    includesDescendants(node["relation"]) &&
    (node["selectStmt"] === undefined || target.kind === "p");
  return touch(all ? withDescendants(scope, target) : target, "ROW EXCLUSIVE");
}

/** Foreign keys are looked at where their columns, or those that they refer to, are set. */
function updateTouches(scope: Scope, target: Relation, node: SyntaxNode): Touch[] {
  const set = new Set(nodesOf(node["targetList"]).map((each) => String(each.node["name"])));
  const foreign = (target.constraints ?? []).filter(
    ({ references, columns }) => references !== null && columns?.some((name) => set.has(name)),
  );
  return [
    ...touch(
      foreign.map(({ references }) => scope.catalog.get(references)),
      "ROW SHARE",
    ),
    ...keyChanges(scope, target, { action: "update_action", set }),
  ];
}

interface KeyChange {
  readonly action: "delete_action" | "update_action";
  /** The columns that are set; all when undefined. */
  readonly set?: ReadonlySet<string>;
}

/** A key that goes or changes is looked for in the tables that refer to it, or changed there as well. */
function keyChanges({ catalog }: Scope, target: Relation, { action, set }: KeyChange): Touch[] {
  return catalog.referencing(target).flatMap((each) =>
    (each.constraints ?? [])
      .filter(({ references }) => references === target.oid)
      .filter(
        ({ referenced_columns: key }) => set === undefined || key?.some((name) => set.has(name)),
      )
      .flatMap((foreign) => {
        const looks = foreign[action] === "a" || foreign[action] === "r";
        return touch(each, looks ? "ROW SHARE" : "ROW EXCLUSIVE");
      }),
  );
}

/** A function of the server itself, and one that is declared immutable, touches no table. */
function unknownCall({ catalog }: Scope, call: SyntaxNode): string | undefined {
  const found = catalog.function(functionName(call));
  if (found?.opaque === false) return undefined;
  return `it calls the function "${strings(call["funcname"]).join(".")}"`;
}
