import { CliError } from "../core/errors.ts";
import { parseStatements, SyntaxProblem, type ParsedStatement } from "../core/sql-parser.ts";
import type { MigrationFile } from "./migration-file.ts";
import { indexOfCodePoint, locationAt, type SourceText } from "./source-text.ts";
import { refusalOf } from "./statement-rules.ts";

/**
 * Parses both parts of a migration and refuses statements that could not run as they stand. The SQL parser must be
 * loaded. Throws MIGRATION_SYNTAX or MIGRATION_STATEMENT_FORBIDDEN with the place.
 */
export function checkMigration({ source, up, down }: MigrationFile): void {
  for (const part of "sql" in down ? [up, down] : [up]) {
    for (const statement of statementsOf(part.sql, part.start, source)) {
      const refusal = refusalOf(statement, part);
      if (refusal !== undefined) {
        throw new CliError("MIGRATION_STATEMENT_FORBIDDEN", {
          message: refusal.message,
          hint: refusal.hint,
          location: locationAt(source, part.start + indexOfStatement(part.sql, statement)),
        });
      }
    }
  }
}

/** Parses SQL that begins at `start` in a file; throws MIGRATION_SYNTAX with the place in that file. */
export function statementsOf(sql: string, start: number, source: SourceText): ParsedStatement[] {
  try {
    return parseStatements(sql);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    const index = indexOfCodePoint(sql, error.position);
    throw new CliError("MIGRATION_SYNTAX", {
      ...syntaxMessage(sql, index, error),
      location: locationAt(source, start + index),
      cause: error,
    });
  }
}

function syntaxMessage(
  sql: string,
  index: number,
  problem: SyntaxProblem,
): { message: string; hint: string } {
  if (sql[index] === "\\") {
    return {
      message: "This is a command of psql, not SQL.",
      hint: "Write the statements that it stands for, or run this script with psql and record it with apply_migration.",
    };
  }
  if (followsCopyFromStdin(sql.slice(0, index))) {
    return {
      message: "COPY … FROM STDIN has no input here.",
      hint: "Write the rows as INSERT, or load them with psql.",
    };
  }
  return {
    message: `${capitalised(problem.message)}.`,
    hint: "Correct the statement; nothing has been run.",
  };
}

/** The rows after a COPY are what the parser stumbles over, so the culprit is the statement before them. */
function followsCopyFromStdin(before: string): boolean {
  try {
    const last = parseStatements(before.slice(0, before.lastIndexOf(";") + 1)).at(-1);
    return (
      last?.kind === "CopyStmt" &&
      last.tree["is_from"] === true &&
      last.tree["filename"] === undefined
    );
  } catch {
    return false;
  }
}

/** Splits SQL into its statements, each with its place in UTF-16 units; without the comments before it. */
export function splitStatements(sql: string): { readonly text: string; readonly index: number }[] {
  return parseStatements(sql).map((statement) => {
    const index = indexOfStatement(sql, statement);
    // Bounds are bytes of UTF-8; the last statement may have no semicolon, and then has no length.
    const end = statement.start + statement.length;
    const text =
      statement.length === 0
        ? sql.slice(index)
        : Buffer.from(sql).subarray(0, end).toString().slice(index);
    return { text, index };
  });
}

/** A statement's bounds begin with the white space and comments before it. */
function indexOfStatement(sql: string, { start }: ParsedStatement): number {
  const before = Buffer.from(sql).subarray(0, start).toString().length;
  const blank = /^(\s|--.*|\/\*[\s\S]*?\*\/)*/.exec(sql.slice(before))?.[0] ?? "";
  return before + blank.length;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
