import { visitNodes, type SyntaxNode } from "../core/sql-parser.ts";
import type { Relation } from "./catalog.ts";
import { constraintWork } from "./constraint-work.ts";
import { work, type Scope, type TableWork } from "./footprint.ts";
import { functionName, typeText } from "./names.ts";
import { nodesOf, strings, textOf } from "./syntax.ts";

/** What a column that is added asks of the rows that are there. */
export function addedColumnWork(
  definition: SyntaxNode,
  target: Relation,
  scope: Scope,
): TableWork[] {
  const name = textOf(definition["colname"]);
  // With IF NOT EXISTS nothing is done; without, it is an error.
  if (target.columns?.some((column) => column.name === name) === true) return [];
  const constraints = nodesOf(definition["constraints"]).map(({ node }) => node);
  const has = (kind: string): SyntaxNode | undefined =>
    constraints.find(({ contype }) => contype === kind);
  const reason = rewriteReason(definition, has, scope);
  const rewrite = reason === undefined ? [] : [work("rewrite", reason.text, reason.certain)];
  const hasDefault = has("CONSTR_DEFAULT") !== undefined;
  const fails = has("CONSTR_NOTNULL") !== undefined && !hasDefault && reason === undefined;
  return [
    ...rewrite,
    ...(fails ? [work("scan", `column "${name}" has to be NOT NULL and has no default`)] : []),
    ...constraints
      .filter(({ contype }) => contype !== "CONSTR_FOREIGN" || hasDefault)
      .flatMap((each) =>
        contypesWithWork.has(String(each["contype"])) ? constraintWork(each, target) : [],
      ),
  ];
}

const contypesWithWork = new Set([
  "CONSTR_CHECK",
  "CONSTR_FOREIGN",
  "CONSTR_PRIMARY",
  "CONSTR_UNIQUE",
]);

interface RewriteReason {
  readonly text: string;
  readonly certain: boolean;
}

/** As ATExecAddColumn: a default that is the same for all rows is stored once, beside the table. */
function rewriteReason(
  definition: SyntaxNode,
  has: (kind: string) => SyntaxNode | undefined,
  scope: Scope,
): RewriteReason | undefined {
  const column = `column "${textOf(definition["colname"])}"`;
  const generated = has("CONSTR_GENERATED");
  if (generated?.["generated_kind"] === "v") return undefined;
  if (generated !== undefined) return { text: `${column} is computed for each row`, certain: true };
  const type = typeText(definition["typeName"]);
  if (has("CONSTR_IDENTITY") !== undefined || serialTypes.test(type))
    return { text: `${column} is numbered`, certain: true };
  const given = has("CONSTR_DEFAULT");
  return (
    typeReason(column, type, scope) ??
    (given === undefined
      ? domainDefault(column, type, scope)
      : volatileDefault(given["raw_expr"], scope, column))
  );
}

function typeReason(column: string, type: string, { catalog }: Scope): RewriteReason | undefined {
  const found = catalog.type(type);
  if (found === undefined)
    return { text: `the type of ${column} is not known yet`, certain: false };
  return found.is_constrained
    ? { text: `the domain of ${column} checks each row`, certain: true }
    : undefined;
}

function domainDefault(
  column: string,
  type: string,
  { catalog }: Scope,
): RewriteReason | undefined {
  return catalog.type(type)?.has_default === true
    ? { text: `the domain of ${column} has a default`, certain: false }
    : undefined;
}

const serialTypes = /^"(?:small|big)?serial[248]?"$/;

function volatileDefault(
  expression: unknown,
  { catalog }: Scope,
  column: string,
): RewriteReason | undefined {
  let reason: RewriteReason | undefined;
  visitNodes(expression, (kind, node) => {
    if (kind !== "FuncCall") return;
    const found = catalog.function(functionName(node));
    const text = `the default of ${column} calls "${strings(node["funcname"]).join(".")}", `;
    if (found === undefined) reason ??= { text: `${text}which is not known yet`, certain: false };
    else if (found.volatile) reason = { text: `${text}which is volatile`, certain: true };
  });
  return reason;
}
