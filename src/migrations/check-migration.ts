import { cutStatements, type CutStatement } from "./cut-statements.ts";
import { invalidFile } from "./invalid-file.ts";
import type { MigrationFile, MigrationPart } from "./migration-file.ts";
import type { SourceText } from "./source-text.ts";
import { refusalOf } from "./statement-rules.ts";
import { statementsIn, type PlacedStatement } from "./statements.ts";

/** A migration that may be applied. */
export interface CheckedMigration extends MigrationFile {
  /** The up part, cut where its statements begin. */
  readonly statements: readonly CutStatement[];
}

/**
 * Parses both parts of a migration and refuses statements that could not run as they stand. The SQL parser must be
 * loaded. Throws MIGRATION_SYNTAX, MIGRATION_STATEMENT_FORBIDDEN or MIGRATION_FILE_INVALID with the place.
 */
export function checkMigration(migration: MigrationFile): CheckedMigration {
  const { source, up, down } = migration;
  if ("sql" in down) checkPart(source, down);
  return { ...migration, statements: cutStatements(up.sql, checkPart(source, up)) };
}

function checkPart(source: SourceText, part: MigrationPart): PlacedStatement[] {
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
  return statements;
}
