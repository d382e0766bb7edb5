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

const verbs: Readonly<Record<string, RowChange["verb"]>> = {
  UpdateStmt: "updated",
  DeleteStmt: "deleted",
};

/** Returns what UPDATE and DELETE change; undefined for another statement, and for a table that the migration has made. */
export function rowChange(
  { kind, tree }: LintedStatement,
  scope: LintScope,
): RowChange | undefined {
  const verb = verbs[kind];
  if (verb === undefined) return undefined;
  const table = findRange(scope, tree["relation"]);
  const where = tree["whereClause"];
  return isLive(table)
    ? { table, verb, hasCondition: where !== undefined, isNarrow: namesRows(where) }
    : undefined;
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
