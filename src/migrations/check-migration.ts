import { invalidFile } from "./invalid-file.ts";
import type { MigrationFile, MigrationPart } from "./migration-file.ts";
import type { SourceText } from "./source-text.ts";
import { refusalOf } from "./statement-rules.ts";
import { statementsIn } from "./statements.ts";

/**
 * Parses both parts of a migration and refuses statements that could not run as they stand. The SQL parser must be
 * loaded. Throws MIGRATION_SYNTAX, MIGRATION_STATEMENT_FORBIDDEN or MIGRATION_FILE_INVALID with the place.
 */
export function checkMigration({ source, up, down }: MigrationFile): void {
  checkPart(source, up);
  if ("sql" in down) checkPart(source, down);
}

function checkPart(source: SourceText, part: MigrationPart): void {
  const statements = statementsIn(source, part.sql, part.start);
  if (statements.length === 0) {
    throw invalidFile("MIGRATION_FILE_INVALID", source, {
      index: part.start,
      message: "There is no statement here.",
      hint: "Write at least one; a semicolon alone is none.",
    });
  }
  for (const statement of statements) {
    const refusal = refusalOf(statement, part);
    if (refusal !== undefined) {
      const index = part.start + statement.index;
      throw invalidFile("MIGRATION_STATEMENT_FORBIDDEN", source, { index, ...refusal });
    }
  }
}

export { splitStatements } from "./statements.ts";
