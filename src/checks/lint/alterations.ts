import { workOf } from "../../statements/alter-table-work.ts";
import { subcommandsOf, type Subcommand } from "../../statements/alter-table.ts";
import type { Relation } from "../../statements/catalog.ts";
import { findRange, withDescendants, type TableWork } from "../../statements/footprint.ts";
import { includesDescendants, nodesOf } from "../../statements/syntax.ts";
import type { SyntaxNode } from "../../core/sql-parser.ts";
import { isLive, lockOn, type WorkUnderLock } from "./live.ts";
import type { LintedStatement, LintScope } from "./rule.ts";

/** A subcommand of ALTER TABLE on a table that others use. */
export interface Alteration extends Subcommand {
  readonly table: Relation;
  /** What it does with the rows of the table and of those below it; each kind once. */
  readonly works: readonly WorkUnderLock[];
}

/** Subcommands that go on to partitions and other children, as far as they do work there. */
const recursing = new Set([
  "AT_AddColumn",
  "AT_AddConstraint",
  "AT_AlterColumnType",
  "AT_SetExpression",
  "AT_SetNotNull",
  "AT_ValidateConstraint",
]);

/** Takes ALTER TABLE apart; nothing for another statement, and for a table that the migration has made. */
export function alterations(statement: LintedStatement, scope: LintScope): Alteration[] {
  if (statement.kind !== "AlterTableStmt") return [];
  const range = statement.tree["relation"];
  const table = findRange(scope, range);
  if (!isLive(table)) return [];
  const all = includesDescendants(range) ? withDescendants(scope, table) : [table];
  return subcommandsOf(statement.tree).map((subcommand) => {
    const targets = recursing.has(subcommand.subtype) ? all : [table];
    const works = targets.filter(isLive).flatMap((target) =>
      workOf(subcommand, target, scope).map((work) => ({
        tables: [target],
        work,
        lock: lockOn(statement, target),
      })),
    );
    return Object.assign({}, subcommand, { table, works: together(works) });
  });
}

/** Joins the same work on several partitions. */
function together(works: readonly WorkUnderLock[]): WorkUnderLock[] {
  const joined = new Map<string, WorkUnderLock>();
  for (const each of works) {
    const key = `${each.work.kind} ${each.work.reason}`;
    const tables = [...(joined.get(key)?.tables ?? []), ...each.tables];
    joined.set(key, { ...each, tables });
  }
  return [...joined.values()];
}

/** Picks the work of one kind. */
export function worksOfKind(
  { works }: Pick<Alteration, "works">,
  kind: TableWork["kind"],
): WorkUnderLock[] {
  return works.filter(({ work }) => work.kind === kind);
}

/** The constraint that a subcommand adds, or those of the column that it adds. */
function addedConstraints({ subtype, definition }: Subcommand): SyntaxNode[] {
  if (subtype === "AT_AddConstraint") return [definition];
  return subtype === "AT_AddColumn"
    ? nodesOf(definition["constraints"]).map(({ node }) => node)
    : [];
}

/** True where a subcommand adds a constraint of that type, alone or with a column. */
export function addsConstraint(subcommand: Subcommand, contype: string): boolean {
  return addedConstraints(subcommand).some((each) => each["contype"] === contype);
}

/** True for a column that is added with NOT NULL and nothing that gives a value to the rows that are there. */
export function isRequired(alteration: Alteration): boolean {
  const { subtype, works } = alteration;
  if (subtype !== "AT_AddColumn" || addsConstraint(alteration, "CONSTR_DEFAULT")) return false;
  const isNotNull =
    addsConstraint(alteration, "CONSTR_NOTNULL") || addsConstraint(alteration, "CONSTR_PRIMARY");
  // What is numbered or computed is a rewrite; without work there are no rows, or the column is there already.
  return isNotNull && works.length > 0 && works.every(({ work }) => work.kind !== "rewrite");
}
