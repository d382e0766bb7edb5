import { CliError } from "../../core/errors.ts";
import type { ParsedStatement } from "../../core/sql-parser.ts";
import { checksumOf, locationAt } from "../../core/source-text.ts";
import { sourceOf, type SentStatements } from "../../db/sql-failure.ts";
import { splitStatements, type PlacedStatement } from "../../core/statements.ts";
import { placeInFile } from "../../core/variables.ts";
import type { MigrationPart } from "../../project/migration-file.ts";
import type { JournalRow } from "../rows.ts";

/** A statement of a migration without a transaction, and what an earlier run has recorded of it. */
export interface JournaledStatement extends Pick<PlacedStatement, "text" | "index"> {
  readonly parsed: ParsedStatement;
  /** The statement as its file has it, without values. */
  readonly recorded: string;
  /** From 1. */
  readonly place: number;
  readonly checksum: string;
  readonly row: JournalRow | undefined;
}

/**
 * Splits a migration into its statements and pairs them with the journal; the SQL parser must be loaded. Throws
 * MIGRATION_CHANGED when a statement that has ended is no longer what it was: what it did cannot be taken back, and what
 * follows was written for another text. Those that have not ended may be corrected.
 */
export function journaledStatements(
  sent: SentStatements & Pick<MigrationPart, "recorded" | "originalIndex">,
  journal: readonly JournalRow[],
): JournaledStatement[] {
  const rows = new Map(journal.map((row) => [row.place, row]));
  const statements = splitStatements(sent.sql).map(({ text, index, ...parsed }, before) => ({
    parsed,
    text,
    index,
    recorded: recordedText(sent, index, text),
    place: before + 1,
    checksum: checksumOf(recordedText(sent, index, text)),
    row: rows.get(before + 1),
  }));
  for (const row of journal.filter(({ ended }) => ended)) {
    const statement = statements[row.place - 1];
    if (statement?.checksum !== row.checksum) throw changedError(sent, row, statement);
  }
  return statements;
}

/** Returns a piece of SQL as the file has it, with placeholders and not with their values. */
export function recordedText(
  { recorded, originalIndex }: Pick<MigrationPart, "recorded" | "originalIndex">,
  index: number,
  text: string,
): string {
  if (recorded === undefined || originalIndex === undefined) return text;
  return recorded.slice(originalIndex(index), originalIndex(index + text.length));
}

/** The error for a statement that has run with another text. */
export function changedError(
  sent: SentStatements,
  { place, statement: recorded }: JournalRow,
  statement: Pick<PlacedStatement, "index"> | undefined,
): CliError {
  return new CliError("MIGRATION_CHANGED", {
    message: `Migration "${sent.name}" is half-way, and its statement ${place} was changed after it had run.`,
    detail: `It ran as: ${recorded}`,
    hint: "Restore this statement and those before it as they ran; those after it may be corrected. Then run the command again, and it goes on from there.",
    location: statement && locationAt(sourceOf(sent), placeInFile(sent, statement.index)),
  });
}
