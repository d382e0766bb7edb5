import { namesIn, visitNodes, type ParsedStatement, type SyntaxNode } from "../core/sql-parser.ts";
import type { SourceText } from "../core/source-text.ts";
import { splitStatements, statementsIn } from "../core/statements.ts";
import type { StringBody } from "../statements/function-body.ts";
import { strings } from "../statements/syntax.ts";

/** What a file of functions/ and one of views/ creates. */
export type DefinitionKind = "function" | "view";

/** Returns the name, schema first, of the function or view that a statement creates; undefined if it creates none. */
export function createdName(
  { kind, tree }: ParsedStatement,
  wanted: DefinitionKind,
): string[] | undefined {
  return wanted === "function" ? createdFunction(kind, tree) : createdView(kind, tree);
}

function createdFunction(kind: string, tree: SyntaxNode): string[] | undefined {
  if (kind === "CreateFunctionStmt") return strings(tree["funcname"]);
  return tree["kind"] === "OBJECT_AGGREGATE" ? strings(tree["defnames"]) : undefined;
}

function createdView(kind: string, tree: SyntaxNode): string[] | undefined {
  if (kind === "ViewStmt") return relationName(tree["view"] as SyntaxNode);
  const into = tree["into"] as { readonly rel: SyntaxNode } | undefined;
  const isView = tree["objtype"] === "OBJECT_MATVIEW" && into !== undefined;
  return isView ? relationName(into.rel) : undefined;
}

function relationName(relation: SyntaxNode): string[] {
  return [relation["schemaname"], relation["relname"]].filter((part) => typeof part === "string");
}

/** Returns the relations, types and functions that a tree names, without their schemas. */
export function namesInTree(tree: SyntaxNode): string[] {
  const names: string[] = [];
  visitNodes(tree, (kind, node) => {
    if (typeof node["relname"] === "string") names.push(node["relname"]);
    const dotted = kind === "FuncCall" ? node["funcname"] : node["names"];
    if (Array.isArray(dotted)) names.push(strings(dotted).at(-1) ?? "");
  });
  return names;
}

/**
 * Returns the names that must exist when the function is created: PostgreSQL checks a body in SQL then, and one in
 * another language only when it runs. Throws MIGRATION_SYNTAX for SQL that it could not read.
 */
export function namesInSqlBody({ language, body }: StringBody, source: SourceText): string[] {
  if (language !== "sql") return [];
  const start = source.text.indexOf(body);
  // A body between plain quotes, with quotes doubled in it, does not stand in the file as it is.
  const statements = start === -1 ? splitOrNone(body) : statementsIn(source, body, start);
  return statements.flatMap(({ tree }) => namesInTree(tree));
}

function splitOrNone(sql: string): ParsedStatement[] {
  try {
    return splitStatements(sql);
  } catch {
    // The server says what is wrong with it.
    return [];
  }
}

/** Returns the names in a body of any language; none in one that does not read like SQL at all. */
export function namesInBody({ body }: StringBody): string[] {
  try {
    return namesIn(body);
  } catch {
    return [];
  }
}
