import { loadSqlParser, type ParsedStatement } from "../../core/sql-parser.ts";
import { checkMigrations } from "../../project/check-migration.ts";
import type { Variables } from "../../project/fill-variables.ts";
import type { Project } from "../../project/project.ts";

/**
 * Returns the roles that the migrations of a project make themselves: a server on which they are to run must not have
 * them. A body of PL/pgSQL is not looked into; what stands there asks whether the role exists.
 */
export async function createdRoles(
  { migrations }: Pick<Project, "migrations">,
  variables: Variables,
): Promise<ReadonlySet<string>> {
  await loadSqlParser();
  const statements = checkMigrations(migrations, variables).flatMap((each) => each.statements);
  return new Set(statements.map(nameMade).filter((name) => name !== undefined));
}

function nameMade({ kind, tree }: Pick<ParsedStatement, "kind" | "tree">): string | undefined {
  if (kind === "CreateRoleStmt") return String(tree["role"]);
  const isRenamed = kind === "RenameStmt" && tree["renameType"] === "OBJECT_ROLE";
  return isRenamed ? String(tree["newname"]) : undefined;
}
