import type { SyntaxNode } from "../core/sql-parser.ts";

/** A column, and the names of the relation that has it where it is used. */
export interface Column {
  readonly name: string;
  readonly relations: readonly string[];
}

/** Returns conditions that are joined by AND one by one. */
export function conjuncts(clause: SyntaxNode | undefined): SyntaxNode[] {
  if (clause === undefined) return [];
  const { boolop, args } = (clause["BoolExpr"] ?? {}) as SyntaxNode;
  return boolop === "AND_EXPR" ? (args as readonly SyntaxNode[]).flatMap(conjuncts) : [clause];
}

/** Returns which bounds a condition compares with a column in a way that fits: 1 for the first key, 2 for the last. */
export function boundsIn(condition: SyntaxNode, column: Column): number[] {
  const expression = (condition["A_Expr"] ?? {}) as SyntaxNode;
  if (!isColumn(expression["lexpr"], column)) return [];
  return expression["kind"] === "AEXPR_BETWEEN" ? inBetween(expression) : inComparison(expression);
}

function inBetween({ rexpr }: SyntaxNode): number[] {
  const { items = [] } = ((rexpr as SyntaxNode)["List"] ?? {}) as SyntaxNode;
  const [from, to] = (items as readonly SyntaxNode[]).map(boundOf);
  return from === 1 && to === 2 ? [1, 2] : [];
}

function inComparison({ kind, name, rexpr }: SyntaxNode): number[] {
  const bound = kind === "AEXPR_OP" ? boundOf(rexpr as SyntaxNode) : undefined;
  if (bound === undefined) return [];
  const fitting = bound === 1 ? '">="' : '"<="';
  return JSON.stringify(name).includes(fitting) ? [bound] : [];
}

/** Without a relation's name the server knows whose column it is, or refuses it as ambiguous. */
function isColumn(node: unknown, { name, relations }: Column): boolean {
  const { fields = [] } = ((node as SyntaxNode | undefined)?.["ColumnRef"] ?? {}) as SyntaxNode;
  const [last, relation] = (fields as readonly SyntaxNode[])
    .map((field) => (field["String"] as { readonly sval?: string } | undefined)?.sval)
    .toReversed();
  return last === name && (relation === undefined || relations.includes(relation));
}

function boundOf(node: SyntaxNode): number | undefined {
  return (node["ParamRef"] as { readonly number?: number } | undefined)?.number;
}
