import { quoteIdentifier } from "../core/identifiers.ts";
import { visitNodes, type ParsedStatement, type SyntaxNode } from "../core/sql-parser.ts";

interface Problem {
  readonly message: string;
  readonly hint: string;
}

type Statement = Pick<ParsedStatement, "kind" | "tree">;

/** Returns the table that an UPDATE or DELETE changes, quoted; of other statements nobody knows which one they walk. */
export function targetOf({ kind, tree }: Statement): string | undefined {
  if (kind !== "UpdateStmt" && kind !== "DeleteStmt") return undefined;
  const { schemaname, relname } = (tree["relation"] ?? {}) as SyntaxNode;
  return [schemaname, relname]
    .filter((part) => typeof part === "string")
    .map(quoteIdentifier)
    .join(".");
}

/**
 * Says what is wrong with how a statement uses the bounds $1 and $2: a condition that leaves out one of the two, or that
 * something else can outweigh, would miss rows or change some twice.
 */
export function boundsProblem(statement: Statement, key: string): Problem | undefined {
  const whole = { [statement.kind]: statement.tree };
  const accepted = conditionsOf(whole).map((condition) => boundsIn(condition, key));
  const all = boundsUsed(whole);
  const between = `${quoted(key)} BETWEEN :'batch_from' AND :'batch_to'`;
  if (all === 0) {
    return {
      message: "The statement does not say which rows are those of a batch.",
      hint: `Add the condition ${between}.`,
    };
  }
  const used = accepted.flat();
  const isWhole = accepted.every((each) => each.length === 0 || new Set(each).size === 2);
  if (used.length === all && isWhole) return undefined;
  return {
    message: "The bounds of a batch do not stand where they hold for each of its rows, and once.",
    hint:
      `Both are keys of the batch: write ${between} into WHERE, joined to other conditions by AND alone. ` +
      "With < or > a row at a bound would be missed.",
  };
}

/** Says so where an UPDATE changes the key itself: a row would move into a later batch and be changed again. */
export function changesColumn({ kind, tree }: Statement, key: string): Problem | undefined {
  const targets = kind === "UpdateStmt" ? (tree["targetList"] as readonly SyntaxNode[]) : [];
  const isChanged = targets.some(
    (target) => (target["ResTarget"] as SyntaxNode | undefined)?.["name"] === key,
  );
  if (!isChanged) return undefined;
  return {
    message: `The statement changes "${key}", by which the batches go.`,
    hint: "A row could come into a second batch. Name another column with an index: -- backfill:key COLUMN",
  };
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteIdentifier(name);
}

/** Returns the conditions of each WHERE and each JOIN, those joined by AND one by one. */
function conditionsOf(tree: unknown): SyntaxNode[][] {
  const found: SyntaxNode[][] = [];
  visitNodes(tree, (_, node) => {
    for (const name of ["whereClause", "quals", "joinCondition"]) {
      const clause = node[name];
      if (clause !== undefined) found.push(conjuncts(clause as SyntaxNode));
    }
  });
  return found;
}

function conjuncts(clause: SyntaxNode): SyntaxNode[] {
  const { boolop, args } = (clause["BoolExpr"] ?? {}) as SyntaxNode;
  return boolop === "AND_EXPR" ? (args as readonly SyntaxNode[]).flatMap(conjuncts) : [clause];
}

/** Returns which bounds the conditions compare with the key in a way that fits: 1 for the first key, 2 for the last. */
function boundsIn(conditions: readonly SyntaxNode[], key: string): number[] {
  return conditions.flatMap((condition) => {
    const expression = (condition["A_Expr"] ?? {}) as SyntaxNode;
    if (!isColumn(expression["lexpr"], key)) return [];
    return expression["kind"] === "AEXPR_BETWEEN"
      ? inBetween(expression)
      : inComparison(expression);
  });
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

function isColumn(node: unknown, key: string): boolean {
  const { fields } = ((node as SyntaxNode | undefined)?.["ColumnRef"] ?? {}) as SyntaxNode;
  const last = (fields as readonly SyntaxNode[] | undefined)?.at(-1);
  return (last?.["String"] as SyntaxNode | undefined)?.["sval"] === key;
}

function boundOf(node: SyntaxNode): number | undefined {
  return (node["ParamRef"] as { readonly number?: number } | undefined)?.number;
}

function boundsUsed(tree: unknown): number {
  let count = 0;
  visitNodes(tree, (kind) => {
    if (kind === "ParamRef") count += 1;
  });
  return count;
}
