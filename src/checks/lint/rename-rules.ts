import { findRange } from "../../statements/footprint.ts";
import { relationName, strings, textOf } from "../../statements/syntax.ts";
import { isLive, named } from "./live.ts";
import type { Rule } from "./rule.ts";

const renameColumn: Rule = {
  id: "rename-column",
  level: "warning",
  reason: "From one moment to the next, a program that knows the old name fails.",
  alternative:
    "Add a column with the new name, keep both equal with a trigger, let the programs change over, then drop the old one; or a view with the old name.",
  find: ({ kind, tree }, scope) => {
    if (kind !== "RenameStmt" || tree["renameType"] !== "OBJECT_COLUMN") return [];
    const table = findRange(scope, tree["relation"]);
    return isLive(table)
      ? [
          {
            message: `Column "${textOf(tree["subname"])}" of ${named(table)} is called "${textOf(tree["newname"])}" from now on.`,
            object: table.text,
          },
        ]
      : [];
  },
};

const renameTable: Rule = {
  id: "rename-table",
  level: "warning",
  reason: "From one moment to the next, a program that knows the old name fails.",
  alternative:
    "In the same migration, create a view with the old name: a plain view of one table takes INSERT, UPDATE and DELETE as well.",
  find: ({ kind, tree }, scope) => {
    const isRename = kind === "RenameStmt" && renamed.has(String(tree["renameType"]));
    if (!isRename && kind !== "AlterObjectSchemaStmt") return [];
    const table = tree["relation"] === undefined ? undefined : findRange(scope, tree["relation"]);
    if (table === undefined || !isLive(table)) return [];
    const name = isRename
      ? `"${textOf(tree["newname"])}"`
      : `"${textOf(tree["newschema"])}"."${relationName(tree["relation"]).name}"`;
    return [{ message: `${named(table)} is called ${name} from now on.`, object: table.text }];
  },
};

const renamed = new Set(["OBJECT_TABLE", "OBJECT_MATVIEW"]);

const renameEnumValue: Rule = {
  id: "rename-enum-value",
  level: "warning",
  reason: "From one moment to the next, a program that writes or compares the old value fails.",
  alternative:
    "Add the new value, let the programs change over, then update the rows in batches; a value that nobody uses may stay.",
  find: ({ kind, tree }) =>
    kind === "AlterEnumStmt" && tree["oldVal"] !== undefined
      ? [
          {
            message: `'${textOf(tree["oldVal"])}' is called '${textOf(tree["newVal"])}' from now on.`,
            object: strings(tree["typeName"]).join("."),
          },
        ]
      : [],
};

export const renameRules: readonly Rule[] = [renameColumn, renameTable, renameEnumValue];
