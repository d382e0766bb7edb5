import { placeInFile } from "../core/variables.ts";
import { parseTogether } from "../core/sql-parser.ts";
import { cutStatements, type CutStatement } from "./cut-statements.ts";
import { fillVariables, type Variables } from "./fill-variables.ts";
import { invalidFile } from "../core/invalid-file.ts";
import type { MigrationFile, MigrationPart } from "./migration-file.ts";
import type { SourceText } from "../core/source-text.ts";
import { refusalOf } from "./statement-rules.ts";
import { placeStatements, statementsIn, type PlacedStatement } from "../core/statements.ts";

/** A migration that may be applied. */
export interface CheckedMigration extends MigrationFile {
  /** The up part, cut where its statements begin. */
  readonly statements: readonly CutStatement[];
}

/**
 * Parses both parts of each migration and refuses statements that could not run as they stand. The SQL parser must be
 * loaded. Values stand in the place of placeholders. Throws VARIABLE_UNDEFINED, MIGRATION_SYNTAX, MIGRATION_STATEMENT_FORBIDDEN or MIGRATION_FILE_INVALID with the place.
 */
export function checkMigrations(
  files: readonly MigrationFile[],
  variables: Variables = {},
): CheckedMigration[] {
  const migrations = files.map((file) => fillVariables(file, variables));
  const parts = migrations.flatMap((migration) => partsOf(migration));
  const parsed = parseTogether(parts.map(({ part }) => part.sql));
  const statements = parts.map(({ source, part }, place) => {
    const together = parsed?.[place];
    return together === undefined
      ? statementsIn(source, part.sql, part)
      : placeStatements(part.sql, together);
  });
  parts.forEach(({ source, part }, place) => {
    checkPart(source, part, statements[place] ?? []);
  });
  const upStatements = new Map(parts.map(({ part }, place) => [part, statements[place] ?? []]));
  return migrations.map((migration) => withStatements(migration, upStatements));
}

function withStatements(
  migration: MigrationFile,
  statements: ReadonlyMap<MigrationPart, readonly PlacedStatement[]>,
): CheckedMigration {
  const { up } = migration;
  return { ...migration, statements: cutStatements(up.sql, statements.get(up) ?? []) };
}

interface SourcePart {
  readonly source: SourceText;
  readonly part: MigrationPart;
}

function partsOf({ source, up, down }: MigrationFile): SourcePart[] {
  return "sql" in down
    ? [
        { source, part: up },
        { source, part: down },
      ]
    : [{ source, part: up }];
}

function checkPart(
  source: SourceText,
  part: MigrationPart,
  statements: readonly PlacedStatement[],
): void {
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
      const index = placeInFile(part, statement.index);
      throw invalidFile("MIGRATION_STATEMENT_FORBIDDEN", source, { index, ...refusal });
    }
  }
}
