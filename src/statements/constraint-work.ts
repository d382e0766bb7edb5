import { parseStatements, type SyntaxNode } from "../core/sql-parser.ts";
import type { Constraint, Relation } from "./catalog.ts";
import { work, type TableWork } from "./footprint.ts";
import { strings, unwrap } from "./syntax.ts";

/** What a constraint that is added asks of the rows that are there. */
export function constraintWork(definition: SyntaxNode, target: Relation): TableWork[] {
  return works[String(definition["contype"])]?.(definition, target) ?? [];
}

type Rule = (definition: SyntaxNode, target: Relation) => TableWork[];

const works: Readonly<Record<string, Rule>> = {
  CONSTR_CHECK: unlessNotValid(() => [work("scan", "a CHECK is checked")]),
  CONSTR_FOREIGN: unlessNotValid(() => [work("scan", "a foreign key is checked")]),
  CONSTR_NOTNULL: unlessNotValid(({ keys }, target) =>
    strings(keys).flatMap((name) => notNullWork(name, target)),
  ),
  CONSTR_PRIMARY: (definition, target) => [
    ...indexWork(definition, "the index of the primary key"),
    ...keyColumns(definition, target).flatMap((name) => notNullWork(name, target)),
  ],
  CONSTR_UNIQUE: (definition) => indexWork(definition, "the index of the unique constraint"),
  CONSTR_EXCLUSION: (definition) => indexWork(definition, "the index of the exclusion constraint"),
};

function unlessNotValid(rule: Rule): Rule {
  return (definition, target) =>
    definition["skip_validation"] === true ? [] : rule(definition, target);
}

/** With USING INDEX there is one already. */
function indexWork({ indexname }: SyntaxNode, which: string): TableWork[] {
  return indexname === undefined ? [work("index build", which)] : [];
}

function keyColumns({ keys, indexname }: SyntaxNode, target: Relation): readonly string[] {
  if (indexname === undefined) return strings(keys);
  return target.indexes?.find(({ name }) => name === indexname)?.columns ?? [];
}

/** A column is looked through for nulls unless the catalog proves that it has none. */
export function notNullWork(name: string, { columns, constraints }: Relation): TableWork[] {
  const column = columns?.find((each) => each.name === name);
  if (column?.not_null === true || column === undefined) return [];
  const isProven = (constraints ?? []).some(
    (each) => each.kind === "c" && each.validated && provesNotNull(expressionOf(each), name),
  );
  return isProven ? [] : [work("scan", `column "${name}" is checked for nulls`)];
}

function expressionOf({ expression, definition }: Constraint): unknown {
  if (definition === null) return expression;
  const [statement] = parseStatements(`alter table t add ${definition}`);
  const [command] = (statement?.tree["cmds"] ?? []) as unknown[];
  return unwrap(unwrap(command).node["def"]).node["raw_expr"];
}

/** True for "column IS NOT NULL", alone or with other conditions that all have to hold. */
function provesNotNull(expression: unknown, column: string): boolean {
  const { kind, node } = unwrap(expression);
  if (kind === "BoolExpr" && node["boolop"] === "AND_EXPR")
    return (node["args"] as unknown[]).some((each) => provesNotNull(each, column));
  const argument = unwrap(node["arg"]);
  return (
    kind === "NullTest" &&
    node["nulltesttype"] === "IS_NOT_NULL" &&
    argument.kind === "ColumnRef" &&
    strings(argument.node["fields"]).at(-1) === column
  );
}
