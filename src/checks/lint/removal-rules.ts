import type { Relation } from "../../statements/catalog.ts";
import { findRange } from "../../statements/footprint.ts";
import { partsAfterRelation } from "../../statements/names.ts";
import { dottedName, nodesOf, strings } from "../../statements/syntax.ts";
import { alterations, isRequired } from "./alterations.ts";
import { isLive, named } from "./live.ts";
import type { LintedStatement, LintScope, Rule } from "./rule.ts";

const twoSteps =
  "In two deployments: first a program that does without it, then, when no older one runs any more, this statement with check:ignore.";

const dropColumn: Rule = {
  id: "drop-column",
  level: "warning",
  reason: "A program that still names the column fails, and its values are gone.",
  alternative: twoSteps,
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter(({ subtype, table, name }) => subtype === "AT_DropColumn" && hasColumn(table, name))
      .map(({ table, name }) => ({
        message: `Column "${name}" of ${named(table)} is dropped with its values.`,
        object: table.text,
      })),
};

function hasColumn({ columns }: Relation, name: string | undefined): boolean {
  return columns?.some((each) => each.name === name) === true;
}

const dropTable: Rule = {
  id: "drop-table",
  level: "warning",
  reason: "A program that still names the table fails, and its rows are gone.",
  alternative: `${twoSteps} A rename first shows whether anybody misses it.`,
  find: (statement, scope) =>
    droppedRelations(statement, scope)
      .filter((table) => isLive(table) && table.kind !== "m")
      .map((table) => ({
        message: `Table ${named(table)} is dropped with its rows.`,
        object: table.text,
      })),
};

const relations = new Set([
  "OBJECT_TABLE",
  "OBJECT_VIEW",
  "OBJECT_MATVIEW",
  "OBJECT_INDEX",
  "OBJECT_FOREIGN_TABLE",
]);

/** The relations that DROP names. */
function droppedRelations({ kind, tree }: LintedStatement, scope: LintScope): Relation[] {
  const type = String(tree["removeType"]);
  if (kind !== "DropStmt" || !relations.has(type)) return [];
  return nodesOf(tree["objects"]).map((each) =>
    scope.find(dottedName({ [each.kind]: each.node }, partsAfterRelation(type))),
  );
}

const dropCascade: Rule = {
  id: "drop-cascade",
  level: "error",
  reason: "CASCADE drops what the statement does not name: views, foreign keys, columns.",
  alternative:
    "Drop by name, and in order, what depends on it; without CASCADE nothing else can fall.",
  find: (statement, scope) => {
    if (!cascades(statement, scope)) return [];
    const { kind, tree, footprint } = statement;
    const table = kind === "AlterTableStmt" ? findRange(scope, tree["relation"]) : undefined;
    const asked = new Set(
      [table, ...droppedRelations(statement, scope)].map((relation) => relation?.oid),
    );
    const [first, ...others] = footprint.touches
      .map(({ relation }) => relation)
      .filter(({ oid, state }) => state === "present" && !asked.has(oid));
    if (first !== undefined) {
      const names = [first, ...others].map(named).join(", ");
      const message = `What hangs on it falls too, and touches ${names}.`;
      return [{ message, object: (table ?? first).text }];
    }
    return footprint.unknown === undefined
      ? []
      : [{ message: `What falls with ${namesOf(tree)} is not named.` }];
  },
};

function cascades(statement: LintedStatement, scope: LintScope): boolean {
  const { kind, tree } = statement;
  return kind === "DropStmt"
    ? tree["behavior"] === "DROP_CASCADE"
    : alterations(statement, scope).some(({ cascade }) => cascade);
}

function namesOf(tree: LintedStatement["tree"]): string {
  const names = nodesOf(tree["objects"]).map(({ node }) => {
    const parts = strings(node["items"] ?? node["names"] ?? node["objname"]);
    return `"${parts.at(-1) ?? (node["sval"] as string | undefined) ?? ""}"`;
  });
  return names.join(", ");
}

const dropNotNull: Rule = {
  id: "drop-not-null",
  level: "note",
  reason: "A program that has never met a null in the column may not know what to do with one.",
  alternative: "Let the programs that read it learn first.",
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter(
        ({ subtype, table, name }) =>
          subtype === "AT_DropNotNull" && column(table, name)?.not_null === true,
      )
      .map(({ table, name }) => ({
        message: `Column "${name}" of ${named(table)} may be null from now on.`,
        object: table.text,
      })),
};

function column(
  { columns }: Relation,
  name: string | undefined,
): { not_null: boolean } | undefined {
  return columns?.find((each) => each.name === name);
}

const dropDefault: Rule = {
  id: "drop-default",
  level: "warning",
  reason: "An INSERT that leaves a NOT NULL column to its default fails when the default is gone.",
  alternative: "Let the programs that write give a value first.",
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter(
        ({ subtype, definition, table, name }) =>
          subtype === "AT_ColumnDefault" &&
          Object.keys(definition).length === 0 &&
          column(table, name)?.not_null === true,
      )
      .map(({ table, name }) => ({
        message: `Column "${name}" of ${named(table)} must be given by every INSERT from now on.`,
        object: table.text,
      })),
};

const addRequiredColumn: Rule = {
  id: "add-required-column",
  level: "error",
  reason:
    "A column that is NOT NULL and has no default cannot be added to a table with rows, and programs that do not know it cannot insert.",
  alternative:
    "With a default, which costs nothing when it is constant; or without NOT NULL, which comes when all rows have a value.",
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter(isRequired)
      .map(({ table, definition }) => ({
        message: `Column "${String(definition["colname"])}" of ${named(table)} has no value for the rows that are there.`,
        object: table.text,
      })),
};

const columnOfView: Rule = {
  id: "column-of-view",
  level: "error",
  reason:
    "PostgreSQL neither drops a column that a view reads nor changes its type: the statement fails.",
  alternative:
    "Drop the view before, in the same migration; a file of views/ makes it anew when the migrations are done.",
  find: (statement, scope) =>
    alterations(statement, scope)
      .filter(
        ({ subtype, cascade }) =>
          subtype === "AT_AlterColumnType" || (subtype === "AT_DropColumn" && !cascade),
      )
      .map(({ table, name }) => ({ table, name, views: scope.catalog.dependentViews(table, name) }))
      .filter(({ views }) => views.length > 0)
      .map(({ table, name, views }) => ({
        message: `Column "${name}" of ${named(table)} is read by ${views.map(named).join(", ")}.`,
        object: table.text,
      })),
};

export const removalRules: readonly Rule[] = [
  dropColumn,
  dropTable,
  dropCascade,
  dropNotNull,
  dropDefault,
  addRequiredColumn,
  columnOfView,
];
