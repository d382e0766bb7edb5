import { scanTokens, type SyntaxNode } from "../../core/sql-parser.ts";
import { nodesOf, strings, textOf } from "../../statements/syntax.ts";
import type { LintedStatement, Rule } from "./rule.ts";

/** A column that a statement declares, or one to which it gives another type. */
interface DeclaredColumn {
  readonly name: string;
  /** The last part of the type's name. */
  readonly type: string;
  readonly isArray: boolean;
  readonly isKey: boolean;
  readonly isNumbered: boolean;
}

/** The columns that a statement declares; none of a temporary table. */
function declaredColumns({ kind, tree }: LintedStatement): DeclaredColumn[] {
  if (kind === "CreateStmt") {
    const { relpersistence } = tree["relation"] as { readonly relpersistence?: string };
    if (relpersistence === "t") return [];
    const elements = nodesOf(tree["tableElts"]);
    const keys = elements
      .filter(({ node }) => node["contype"] === "CONSTR_PRIMARY")
      .flatMap(({ node }) => strings(node["keys"]));
    return elements
      .filter((each) => each.kind === "ColumnDef")
      .map(({ node }) => declared(node, keys));
  }
  if (kind !== "AlterTableStmt") return [];
  return nodesOf(tree["cmds"]).flatMap(({ node }) => {
    const { ColumnDef: definition } = (node["def"] ?? {}) as { readonly ColumnDef?: SyntaxNode };
    if (definition?.["typeName"] === undefined) return [];
    return [declared({ colname: node["name"], ...definition }, [])];
  });
}

function declared(definition: SyntaxNode, keys: readonly string[]): DeclaredColumn {
  const { names, arrayBounds } = definition["typeName"] as SyntaxNode;
  const constraints = new Set(
    nodesOf(definition["constraints"]).map(({ node }) => node["contype"]),
  );
  const name = textOf(definition["colname"]);
  const type = strings(names).at(-1) ?? "";
  return {
    name,
    type,
    isArray: arrayBounds !== undefined,
    // A key of several columns is as large as all of them together.
    isKey: constraints.has("CONSTR_PRIMARY") || (keys.length === 1 && keys[0] === name),
    isNumbered: constraints.has("CONSTR_IDENTITY") || serialTypes.has(type),
  };
}

const serialTypes = new Set([
  "serial",
  "serial2",
  "serial4",
  "serial8",
  "smallserial",
  "bigserial",
]);

function columnRule(
  rule: Omit<Rule, "find">,
  {
    isMeant,
    says,
  }: { readonly isMeant: (column: DeclaredColumn) => boolean; readonly says: string },
): Rule {
  return {
    ...rule,
    find: (statement) =>
      declaredColumns(statement)
        .filter(isMeant)
        .map(({ name }) => ({ message: `Column "${name}" ${says}.` })),
  };
}

const charType = columnRule(
  {
    id: "char-type",
    level: "warning",
    reason:
      "char(n) fills every value up with spaces, which takes room, and which comparison and length() then leave out of account.",
    alternative: "text, with a CHECK of the length where it matters.",
  },
  { isMeant: ({ type }) => type === "bpchar", says: "is of the type char" },
);

const jsonType = columnRule(
  {
    id: "json-type",
    level: "warning",
    reason:
      "json has no equality, so that DISTINCT, GROUP BY and UNION of a row with it fail, and it is parsed again at each access.",
    alternative: "jsonb; json only where the text itself has to be kept.",
  },
  { isMeant: ({ type }) => type === "json", says: "is of the type json" },
);

const timestampWithoutTimeZone = columnRule(
  {
    id: "timestamp-without-time-zone",
    level: "warning",
    reason:
      "A timestamp without time zone is no point in time: what it means depends on who wrote it, and an hour in autumn is there twice.",
    alternative: "timestamptz, which takes the same 8 bytes.",
  },
  { isMeant: ({ type }) => type === "timestamp", says: "has no time zone" },
);

const small = new Set(["int2", "int4", "serial", "serial2", "serial4", "smallserial"]);

const integerKey = columnRule(
  {
    id: "integer-key",
    level: "warning",
    reason:
      "An integer key ends at 2,147,483,647, and the way from there to bigint writes the whole table anew.",
    alternative: "bigint generated always as identity.",
  },
  {
    isMeant: ({ type, isKey, isNumbered }) => small.has(type) && isKey && isNumbered,
    says: "numbers the rows and is no bigint",
  },
);

const serialColumn = columnRule(
  {
    id: "serial-column",
    level: "note",
    reason:
      "serial makes a sequence with rights of its own, and lets everybody write a number that the sequence will give out later.",
    alternative: "bigint generated always as identity, the same in the SQL standard.",
  },
  { isMeant: ({ type }) => serialTypes.has(type), says: "is of the type serial" },
);

const identifierTooLong: Rule = {
  id: "identifier-too-long",
  level: "error",
  reason:
    "PostgreSQL cuts off a name after 63 bytes without an error, so that two names may become one.",
  alternative: "A shorter name.",
  find: ({ kind, text }) => {
    if (changesRows.has(kind)) return [];
    // The parser has cut the names in its tree already.
    const names = scanTokens(text).filter(({ isName }) => isName);
    return names
      .map((token) => token.text.replaceAll(/^"|"$/g, "").replaceAll('""', '"'))
      .filter((name, place, all) => Buffer.byteLength(name) > 63 && all.indexOf(name) === place)
      .map((name) => ({ message: `"${name}" has ${Buffer.byteLength(name)} bytes.` }));
  },
};

/** They give no names, and may be long. */
const changesRows = new Set(["InsertStmt", "UpdateStmt", "DeleteStmt", "SelectStmt", "CopyStmt"]);

export const columnRules: readonly Rule[] = [
  charType,
  jsonType,
  timestampWithoutTimeZone,
  integerKey,
  serialColumn,
  identifierTooLong,
];
