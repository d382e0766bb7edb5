import { visitNodes, type ParsedStatement } from "../core/sql-parser.ts";

/** True for a statement that deletes rows: a DELETE, also inside WITH, and a MERGE that says so. */
export function deletesRows({ kind, tree }: Pick<ParsedStatement, "kind" | "tree">): boolean {
  let found = false;
  visitNodes({ [kind]: tree }, (each, node) => {
    const isDeletion = each === "DeleteStmt" || node["commandType"] === "CMD_DELETE";
    if (isDeletion) found = true;
  });
  return found;
}
