import type { SyntaxNode } from "../core/sql-parser.ts";
import type { Column, Relation } from "./catalog.ts";
import { formAfter, keepsIndexes, readType } from "./column-type.ts";
import { addedColumnWork } from "./added-column.ts";
import { constraintWork, notNullWork } from "./constraint-work.ts";
import { work, type Scope, type TableWork } from "./footprint.ts";
import { strings, unwrap } from "./syntax.ts";

/** What is needed of a subcommand to say what it does with the rows. */
interface Change {
  readonly subtype: string;
  readonly name: string | undefined;
  readonly definition: SyntaxNode;
}

/** Says what a subcommand of ALTER TABLE does with the rows of a table that it changes. */
export function workOf(change: Change, target: Relation, scope: Scope): TableWork[] {
  // A partitioned table has no rows of its own.
  if (target.kind === "p" || target.state !== "present") return [];
  return works[change.subtype]?.(change, target, scope) ?? [];
}

type WorkRule = (change: Change, target: Relation, scope: Scope) => TableWork[];

const works: Readonly<Record<string, WorkRule>> = {
  AT_AddColumn: ({ definition }, target, scope) => addedColumnWork(definition, target, scope),
  AT_AlterColumnType: columnTypeWork,
  AT_SetNotNull: ({ name = "" }, target) => notNullWork(name, target),
  AT_AddConstraint: ({ definition }, target) => constraintWork(definition, target),
  AT_ValidateConstraint: ({ name }, target) =>
    (target.constraints ?? [])
      .filter((each) => each.name === name && !each.validated)
      .map(() => work("scan", `constraint "${name}" is checked`)),
  AT_SetLogged: (_, { persistence }) =>
    persistence === "p" ? [] : [work("rewrite", "it becomes logged")],
  AT_SetUnLogged: (_, { persistence }) =>
    persistence === "u" ? [] : [work("rewrite", "it becomes unlogged")],
  AT_SetTableSpace: () => [work("rewrite", "its files move to another tablespace", false)],
  AT_SetAccessMethod: ({ name }, { access_method: current }) =>
    name === current ? [] : [work("rewrite", "its access method changes")],
  AT_SetExpression: ({ name }) => [work("rewrite", `column "${name}" is computed anew`, false)],
};

function columnTypeWork(
  { name = "", definition }: Change,
  target: Relation,
  scope: Scope,
): TableWork[] {
  const column = target.columns?.find((each) => each.name === name);
  if (column === undefined) return [];
  const form = formAfter(column, definition, scope);
  const change = `the type of column "${name}" is no longer ${column.type_text}`;
  if (form !== "kept") return [work("rewrite", change, form === "changed")];
  const rebuilt = rebuiltIndexes(column, definition, { target, scope });
  const checks = (target.constraints ?? []).filter(
    (each) => each.kind === "c" && each.columns?.includes(name) === true,
  );
  return [
    ...rebuilt.map((index) => work("index build", `index "${index}" is built anew, as ${change}`)),
    ...checks.map((each) =>
      work("scan", `constraint "${each.name}" is checked anew, as ${change}`),
    ),
  ];
}

/** As CheckIndexCompatible: what is no plain index on columns is always built anew. */
function rebuiltIndexes(
  column: Column,
  definition: SyntaxNode,
  { target, scope }: { readonly target: Relation; readonly scope: Scope },
): string[] {
  const type = readType(scope, definition["typeName"]);
  const given = unwrap({ CollateClause: definition["collClause"] }).node["collname"];
  const collation = given === undefined ? type?.collation : strings(given).at(-1);
  const isSame =
    type !== undefined && keepsIndexes(column.type, type) && collation === column.collation;
  return (target.indexes ?? [])
    .filter(({ columns, plain }) => columns?.includes(column.name) === true && !(plain && isSame))
    .map((index) => index.name);
}
