import { visitNodes, type SyntaxNode } from "../../core/sql-parser.ts";
import type { Relation } from "../../statements/catalog.ts";
import { findRange } from "../../statements/footprint.ts";
import { nodesOf, unwrap } from "../../statements/syntax.ts";
import { isLive } from "./live.ts";
import type { LintedStatement, LintScope } from "./rule.ts";

/** A change of rows of a table that others use. */
export interface RowChange {
  readonly table: Relation;
  readonly verb: "updated" | "deleted";
  /** False where it concerns all rows. */
  readonly hasCondition: boolean;
  /** True where the condition names the rows by a value: it concerns few of them. */
  readonly isNarrow: boolean;
}

type Change = Omit<RowChange, "table">;

/** What runs now: a function or a rule has such statements in its body too. */
const executed: ReadonlySet<string> = new Set([
  "SelectStmt",
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
]);

/** Returns what UPDATE, DELETE and MERGE change, also inside WITH, but not of a table that the migration has made. */
export function rowChanges({ kind, tree }: LintedStatement, scope: LintScope): RowChange[] {
  const found: RowChange[] = [];
  if (!executed.has(kind)) return found;
  visitNodes({ [kind]: tree }, (each, node) => {
    const changes = changesOf(each, node);
    if (changes.length === 0) return;
    const table = findRange(scope, node["relation"]);
    if (isLive(table)) for (const change of changes) found.push({ table, ...change });
  });
  return found;
}

function changesOf(kind: string, node: SyntaxNode): Change[] {
  if (kind === "MergeStmt") return mergeChanges(node);
  const where = node["whereClause"];
  const condition = { hasCondition: where !== undefined, isNarrow: namesRows(where) };
  if (kind === "UpdateStmt") return [{ verb: "updated", ...condition }];
  return kind === "DeleteStmt" ? [{ verb: "deleted", ...condition }] : [];
}

/** A MERGE changes the rows that its source has; few where these are values, but for those that they do not have. */
function mergeChanges(node: SyntaxNode): Change[] {
  const ofValues = JSON.stringify(node["sourceRelation"]).includes('"valuesLists"');
  const clauses = nodesOf(node["mergeWhenClauses"]).map((each) => each.node);
  const verbs = { CMD_UPDATE: "updated", CMD_DELETE: "deleted" } as const;
  return Object.entries(verbs).flatMap(([command, verb]): Change[] => {
    const own = clauses.filter(({ commandType }) => commandType === command);
    const isMatched = own.every(({ matchKind }) => matchKind === "MERGE_WHEN_MATCHED");
    return own.length === 0 ? [] : [{ verb, hasCondition: true, isNarrow: ofValues && isMatched }];
  });
}

/** True for "column = value" and "column IN (values)", alone or with other conditions that all have to hold. */
function namesRows(condition: unknown): boolean {
  const { kind, node } = unwrap(condition);
  if (kind === "BoolExpr" && node["boolop"] === "AND_EXPR")
    return nodesOf(node["args"]).some((each) => namesRows({ [each.kind]: each.node }));
  if (kind !== "A_Expr") return false;
  const isList = node["kind"] === "AEXPR_IN";
  const isEqual = node["kind"] === "AEXPR_OP" && JSON.stringify(node["name"]).includes('"="');
  const right = unwrap(node["rexpr"]);
  const values = isList ? nodesOf(right.node["items"]) : [right];
  return (
    (isList || isEqual) &&
    unwrap(node["lexpr"]).kind === "ColumnRef" &&
    values.every((each) => isConstant(each))
  );
}

function isConstant({ kind, node }: ReturnType<typeof unwrap>): boolean {
  return kind === "A_Const" || (kind === "TypeCast" && isConstant(unwrap(node["arg"])));
}
