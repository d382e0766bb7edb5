import { quoteIdentifier } from "../core/identifiers.ts";
import { parseStatements, visitNodes, type SyntaxNode } from "../core/sql-parser.ts";
import { stringBodies } from "./function-body.ts";
import { dottedName, nodesOf, option, relationName, strings, type RelationName } from "./syntax.ts";

/** A statement as the parser sees it. */
export interface StatementTree {
  readonly kind: string;
  readonly tree: SyntaxNode;
}

export interface FunctionName {
  readonly schema: string | null;
  readonly name: string;
}

/** What a statement names, to be looked up in the catalog. */
export interface NamesOfStatement {
  readonly relations: readonly RelationName[];
  readonly types: readonly string[];
  readonly functions: readonly FunctionName[];
}

/** Returns all relations, types and functions that a statement names; more than there are do no harm. */
export function namesOfStatement({ kind, tree }: StatementTree): NamesOfStatement {
  const relations: RelationName[] = namesInLists(kind, tree);
  const types: string[] = [];
  const functions: FunctionName[] = [];
  const visit = (_: string, node: SyntaxNode): void => {
    if (typeof node["relname"] === "string") relations.push(relationName(node));
    if (Array.isArray(node["funcname"])) functions.push(functionName(node));
    const typeName = node["typeName"];
    if (kind === "AlterTableStmt" && typeName !== undefined) types.push(typeText(typeName));
  };
  visitNodes({ [kind]: tree }, visit);
  for (const { tree: body, kind: bodyKind } of statementsOfSqlBody(tree)) {
    visitNodes({ [bodyKind]: body }, visit);
  }
  return { relations, types, functions };
}

/** Relations that are named by a list of strings and not by a node of their own. */
function namesInLists(kind: string, tree: SyntaxNode): RelationName[] {
  switch (kind) {
    case "DropStmt":
      return nodesOf(tree["objects"]).map((object) =>
        dottedName({ [object.kind]: object.node }, partsAfterRelation(tree["removeType"])),
      );
    case "CommentStmt":
    case "SecLabelStmt":
      return [dottedName(tree["object"], partsAfterRelation(tree["objtype"]))];
    case "IndexStmt":
      return indexName(tree);
    case "CreateSeqStmt":
    case "AlterSeqStmt":
      return ownerOfSequence(tree);
    default:
      return [];
  }
}

/** The name that CREATE INDEX gives; an index lies in the schema of its table. */
export function indexName({ idxname, relation }: SyntaxNode): RelationName[] {
  return typeof idxname === "string"
    ? [{ schema: relationName(relation).schema, name: idxname }]
    : [];
}

/** The table of OWNED BY; none for OWNED BY NONE. */
export function ownerOfSequence(tree: SyntaxNode): RelationName[] {
  const owner = option(tree["options"], "owned_by");
  const isNone = strings(owner?.node["items"]).length < 2;
  return owner === undefined || isNone ? [] : [dottedName({ List: owner.node }, 1)];
}

/** How many parts of an object's dotted name come after its relation. */
export function partsAfterRelation(objectType: unknown): number {
  return objectsOfTables.has(String(objectType)) ? 1 : 0;
}

const objectsOfTables = new Set([
  "OBJECT_COLUMN",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_TRIGGER",
]);

/** The statements of an SQL function whose body is a string: the server reads them when it creates the function. */
export function statementsOfSqlBody(tree: SyntaxNode): StatementTree[] {
  const bodies = stringBodies(tree).filter(({ language }) => language.toLowerCase() === "sql");
  try {
    return bodies.flatMap(({ body }) => parseStatements(body));
  } catch {
    // The server says what is wrong with it.
    return [];
  }
}

export function functionName(call: SyntaxNode): FunctionName {
  const [name = "", schema = null] = strings(call["funcname"]).toReversed();
  return { schema, name };
}

/** Writes the name of a type without its modifiers. */
export function typeText(typeName: unknown): string {
  const { names, arrayBounds } = typeName as SyntaxNode;
  const isArray = Array.isArray(arrayBounds) && arrayBounds.length > 0;
  return `${strings(names).map(quoteIdentifier).join(".")}${isArray ? "[]" : ""}`;
}

/** Writes a relation's name as an identifier. */
export function relationText({ schema, name }: RelationName): string {
  return schema === undefined
    ? quoteIdentifier(name)
    : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
