import { basename } from "node:path";
import { CliError } from "../core/errors.ts";
import {
  namesIn,
  parseStatements,
  visitNodes,
  type ParsedStatement,
  type SyntaxNode,
} from "../core/sql-parser.ts";
import { statementsOf } from "./check-migration.ts";
import { locationAt, type SourceText } from "./source-text.ts";

/** A file of functions/ or views/, read as docs/migration-format.md says. */
export interface DefinitionFile {
  readonly source: SourceText;
  readonly kind: "function" | "view";
  /** The object's name as an identifier, with its schema if the file gives one. */
  readonly name: string;
  /** Names that must exist before the file can be applied. */
  readonly needs: readonly string[];
  /** Names in function bodies, which PostgreSQL looks up only when the function runs. */
  readonly refersTo: readonly string[];
}

/** Statements that may stand beside the one that creates the object. */
const companions = {
  function: ["GrantStmt", "CommentStmt", "AlterFunctionStmt", "AlterOwnerStmt"],
  view: [
    "GrantStmt",
    "CommentStmt",
    "AlterTableStmt",
    "AlterOwnerStmt",
    "IndexStmt",
    "CreateTrigStmt",
  ],
};

/** Reads a file of functions/ or views/; throws DEFINITION_FILE_INVALID. The SQL parser must be loaded. */
export function parseDefinitionFile(
  source: SourceText,
  kind: DefinitionFile["kind"],
): DefinitionFile {
  const statements = statementsOf(source.text, 0, source);
  const creators = statements.filter((statement) => createdName(statement, kind) !== undefined);
  const expected = basename(source.path, ".sql");
  const names = new Set(creators.map((statement) => createdName(statement, kind)?.at(-1)));
  if (names.size !== 1 || !names.has(expected)) {
    throw invalid(source, `The file must create the ${kind} "${expected}" and no other object.`);
  }
  for (const statement of statements) {
    if (!creators.includes(statement) && !companions[kind].includes(statement.kind)) {
      throw invalid(
        source,
        `A statement of this kind (${statement.kind}) belongs into a migration.`,
      );
    }
  }
  if (creators.some(({ tree }) => tree["if_not_exists"] === true)) {
    throw invalid(source, "With IF NOT EXISTS a changed file would change nothing.");
  }
  const bodies = creators.flatMap(({ tree }) => stringBodies(tree));
  return {
    source,
    kind,
    name: (createdName(creators[0], kind) ?? []).map(quoted).join("."),
    needs: [
      ...new Set(
        statements.flatMap(({ tree }) => namesInTree(tree)).concat(bodies.flatMap(namesInSqlBody)),
      ),
    ],
    refersTo: [...new Set(bodies.flatMap(({ body }) => namesIn(body)))],
  };
}

function invalid(source: SourceText, message: string): CliError {
  return new CliError("DEFINITION_FILE_INVALID", {
    message,
    location: locationAt(source, 0),
    hint: 'docs/migration-format.md, "Functions and views", says what such a file holds.',
  });
}

/** Returns the name, schema first, of the function or view that a statement creates; undefined if it creates none. */
function createdName(
  statement: ParsedStatement | undefined,
  kind: DefinitionFile["kind"],
): string[] | undefined {
  const tree = statement?.tree ?? {};
  if (kind === "function") {
    if (statement?.kind === "CreateFunctionStmt") return strings(tree["funcname"]);
    return tree["kind"] === "OBJECT_AGGREGATE" ? strings(tree["defnames"]) : undefined;
  }
  if (statement?.kind === "ViewStmt") return relationName(tree["view"] as SyntaxNode);
  const into = tree["into"] as { rel: SyntaxNode } | undefined;
  return tree["objtype"] === "OBJECT_MATVIEW" && into !== undefined
    ? relationName(into.rel)
    : undefined;
}

function relationName(relation: SyntaxNode): string[] {
  return [relation["schemaname"], relation["relname"]].filter((part) => typeof part === "string");
}

/** Reads a list of String nodes, which is how the parser gives a dotted name. */
function strings(list: unknown): string[] {
  return (list as { String: { sval: string } }[]).map((node) => node.String.sval);
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

interface StringBody {
  readonly language: string;
  readonly body: string;
}

/** Returns the body of a function that is given as a string. */
function stringBodies(tree: SyntaxNode): StringBody[] {
  const options = (tree["options"] ?? []) as { DefElem?: { defname: string; arg: SyntaxNode } }[];
  const option = (name: string): unknown =>
    options.find((each) => each.DefElem?.defname === name)?.DefElem?.arg;
  const language = option("language") as { String: { sval: string } } | undefined;
  const items = (option("as") as { List: { items: unknown } } | undefined)?.List.items;
  if (language === undefined || items === undefined) return [];
  return [{ language: language.String.sval, body: strings(items)[0] ?? "" }];
}

/** PostgreSQL checks a body in SQL when it creates the function, one in another language only when it runs. */
function namesInSqlBody({ language, body }: StringBody): string[] {
  return language === "sql" ? parseStatements(body).flatMap(({ tree }) => namesInTree(tree)) : [];
}

/** Returns the relations, types and functions that a tree names, without their schemas. */
function namesInTree(tree: SyntaxNode): string[] {
  const names: string[] = [];
  visitNodes(tree, (kind, node) => {
    if (typeof node["relname"] === "string") names.push(node["relname"]);
    const dotted = kind === "FuncCall" ? node["funcname"] : node["names"];
    if (Array.isArray(dotted)) names.push(strings(dotted).at(-1) ?? "");
  });
  return names;
}
