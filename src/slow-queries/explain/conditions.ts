import {
  parseStatements,
  SyntaxProblem,
  visitNodes,
  type SyntaxNode,
} from "../../core/sql-parser.ts";

/** A column that a condition compares with something else than its own row. */
export interface Comparison {
  readonly alias: string;
  readonly column: string;
  /** "either" where the arms of an OR compare it in different ways. */
  readonly kind: "equal" | "range" | "null" | "either";
  /** False where it is compared with a column of another relation. */
  readonly isWithValue: boolean;
}

/**
 * Returns the comparisons that hold for every row that a condition lets through: those that an index or the choice of
 * partitions can use. Of what it is no such comparison, nothing is returned; undefined where it cannot be read.
 */
export function comparisonsIn(condition: string): Comparison[] | undefined {
  const tree = parseExpression(condition);
  return tree && comparisonsOf(tree);
}

/** The columns that a sort key names, with how it sorts: " desc" and the like; undefined for anything else. */
export function sortColumn(
  key: string,
): { readonly alias: string; readonly column: string; readonly order: string } | undefined {
  const sort = parsed(`select order by ${key}`)?.["sortClause"];
  const by = (Array.isArray(sort) ? (sort[0] as SyntaxNode) : {})["SortBy"] as
    | SyntaxNode
    | undefined;
  const column = by && columnOf(by["node"]);
  if (by === undefined || column === undefined) return undefined;
  const direction = by["sortby_dir"] === "SORTBY_DESC" ? " desc" : "";
  const nulls = { SORTBY_NULLS_FIRST: " nulls first", SORTBY_NULLS_LAST: " nulls last" };
  const written = nulls[by["sortby_nulls"] as keyof typeof nulls] as string | undefined;
  return { ...column, order: direction + (written ?? "") };
}

/** What EXPLAIN writes for the result of a subplan is no SQL; it stands for a value. */
const subplan = /\b(?:hashed )?(?:Sub|Init)Plan \d+\b/g;

function parseExpression(text: string): SyntaxNode | undefined {
  const targets = parsed(`select ${text.replaceAll(subplan, "null")}`)?.["targetList"];
  const [target] = (Array.isArray(targets) ? targets : []) as readonly SyntaxNode[];
  return (target?.["ResTarget"] as SyntaxNode | undefined)?.["val"] as SyntaxNode | undefined;
}

function parsed(text: string): SyntaxNode | undefined {
  try {
    return parseStatements(text)[0]?.tree;
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

function comparisonsOf(tree: SyntaxNode): Comparison[] {
  const [[kind, node] = ["", {}]] = Object.entries(tree) as [string, SyntaxNode][];
  if (kind === "BoolExpr") return comparisonsOfArms(node);
  if (kind === "A_Expr") return comparisonsOfOperator(node);
  const column = kind === "NullTest" ? columnOf(node["arg"]) : undefined;
  const isNull = node["nulltesttype"] === "IS_NULL";
  return column === undefined || !isNull ? [] : [{ ...column, kind: "null", isWithValue: true }];
}

function comparisonsOfArms({ boolop, args }: SyntaxNode): Comparison[] {
  const arms = (args as readonly SyntaxNode[]).map((arm) => comparisonsOf(arm));
  if (boolop === "AND_EXPR") return arms.flat();
  if (boolop !== "OR_EXPR") return [];
  const [first = [], ...others] = arms;
  return first
    .filter((one) => others.every((arm) => arm.some((other) => isSameColumn(one, other))))
    .map(({ alias, column, isWithValue }) => ({ alias, column, kind: "either", isWithValue }));
}

function isSameColumn(one: Comparison, other: Comparison): boolean {
  return one.alias === other.alias && one.column === other.column;
}

const operators: Readonly<Record<string, Comparison["kind"]>> = {
  "=": "equal",
  "<": "range",
  "<=": "range",
  ">": "range",
  ">=": "range",
};

function comparisonsOfOperator({ kind, name, lexpr, rexpr }: SyntaxNode): Comparison[] {
  const [symbol] = name as readonly { readonly String?: { readonly sval?: string } }[];
  const compared = operators[symbol?.String?.sval ?? ""];
  if (compared === undefined || (kind !== "AEXPR_OP" && kind !== "AEXPR_OP_ANY")) return [];
  const sides = [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ] as const;
  return sides.flatMap(([own, other]) => {
    const column = columnOf(firstOfRow(own));
    if (column === undefined) return [];
    const others = aliasesIn(other);
    if (others.has(column.alias)) return [];
    return [{ ...column, kind: compared, isWithValue: others.size === 0 }];
  });
}

/** Rows are compared by their first columns, above all. */
function firstOfRow(tree: unknown): unknown {
  const row = (tree as SyntaxNode | undefined)?.["RowExpr"] as SyntaxNode | undefined;
  return row === undefined ? tree : (row["args"] as readonly unknown[] | undefined)?.[0];
}

/** A column, also one of varchar, which is compared as text. */
function columnOf(tree: unknown): { alias: string; column: string } | undefined {
  const node = tree as SyntaxNode | undefined;
  const cast = node?.["TypeCast"] as SyntaxNode | undefined;
  if (cast !== undefined) return isText(cast["typeName"]) ? columnOf(cast["arg"]) : undefined;
  const reference = node?.["ColumnRef"] as SyntaxNode | undefined;
  if (reference === undefined) return undefined;
  const fields = reference["fields"] as readonly { readonly String?: { readonly sval: string } }[];
  const [alias, column] = fields.map((field) => field.String?.sval);
  return alias === undefined || column === undefined ? undefined : { alias, column };
}

function isText(typeName: unknown): boolean {
  const { names } = typeName as { readonly names: readonly { String: { sval: string } }[] };
  return names.at(-1)?.String.sval === "text";
}

function aliasesIn(tree: unknown): Set<string> {
  const aliases = new Set<string>();
  visitNodes(tree, (kind, node) => {
    const column = kind === "ColumnRef" ? columnOf({ ColumnRef: node }) : undefined;
    if (column !== undefined) aliases.add(column.alias);
  });
  return aliases;
}
