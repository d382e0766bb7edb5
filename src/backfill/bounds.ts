import { quoteIdentifier } from "../core/identifiers.ts";
import {
  parseStatements,
  visitNodes,
  type ParsedStatement,
  type SyntaxNode,
} from "../core/sql-parser.ts";
import { BatchScopes } from "./batch-scopes.ts";

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
 * Says what is wrong with how a statement uses the bounds $1 and $2 of a batch of a table, whose name is given as SQL: a
 * condition that leaves out one of the two, that is on another table, or that something else can outweigh, would miss
 * rows or change some twice.
 */
export function boundsProblem(
  statement: Statement,
  walked: { readonly table: string; readonly key: string },
): Problem | undefined {
  const whole = { [statement.kind]: statement.tree };
  const all = boundsUsed(whole);
  const between = `${quoted(walked.key)} BETWEEN :'batch_from' AND :'batch_to'`;
  if (all === 0) {
    return {
      message: "The statement does not say which rows are those of a batch.",
      hint: `Add the condition ${between}.`,
    };
  }
  const scopes = new BatchScopes(whole, { table: relationName(walked.table), key: walked.key });
  const used = scopes.conditions.map(boundsUsed).reduce((sum, each) => sum + each, 0);
  if (scopes.areBounded && used === all) return undefined;
  return {
    message: "The bounds of a batch do not stand where they hold for each of its rows, and once.",
    hint:
      `Both are keys of the batch of ${walked.table}: write ${between} into the WHERE of what reads or changes it, ` +
      "joined to other conditions by AND alone. With < or > a row at a bound would be missed.",
  };
}

function relationName(sql: string): string {
  let name = "";
  visitNodes(parseStatements(`table ${sql}`)[0]?.tree, (kind, node) => {
    if (kind === "RangeVar") name = String(node["relname"]);
  });
  return name;
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

function boundsUsed(tree: unknown): number {
  let count = 0;
  visitNodes({ tree }, (kind) => {
    if (kind === "ParamRef") count += 1;
  });
  return count;
}
