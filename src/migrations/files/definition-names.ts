import {
  namesIn,
  visitNodes,
  type ParsedStatement,
  type SyntaxNode,
} from "../../core/sql-parser.ts";
import type { SourceText } from "../../core/source-text.ts";
import { splitStatements, statementsIn } from "../../core/statements.ts";

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

/** Reads a list of String nodes, which is how the parser gives a dotted name. */
function strings(list: unknown): string[] {
  return (list as { String: { sval: string } }[]).map((node) => node.String.sval);
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

/** The body of a function that is given as a string. */
export interface StringBody {
  readonly language: string;
  readonly body: string;
}

/** Returns the bodies that a statement gives as strings: one for a function that is not written with BEGIN ATOMIC. */
export function stringBodies(tree: SyntaxNode): StringBody[] {
  const options = (tree["options"] ?? []) as { DefElem?: { defname: string; arg: SyntaxNode } }[];
  const option = (name: string): unknown =>
    options.find((each) => each.DefElem?.defname === name)?.DefElem?.arg;
  const language = option("language") as { String: { sval: string } } | undefined;
  const items = (option("as") as { List: { items: unknown } } | undefined)?.List.items;
  if (language === undefined || items === undefined) return [];
  return [{ language: language.String.sval, body: strings(items)[0] ?? "" }];
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
