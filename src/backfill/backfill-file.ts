import { basename, dirname } from "node:path";
import type { CliError } from "../core/errors.ts";
import { invalidFile } from "../core/invalid-file.ts";
import { checksumOf, readSourceText, type SourceText } from "../core/source-text.ts";
import { loadSqlParser } from "../core/sql-parser.ts";
import { statementsIn, type PlacedStatement } from "../core/statements.ts";
import { replacePlaceholders, type RawSql } from "../core/variables.ts";
import { boundsProblem, changesColumn, targetOf } from "./bounds.ts";
import { readDirectives } from "./directives.ts";

/** The one statement of a file that is run for batch after batch. */
export interface BackfillFile {
  /** Of the file, without .sql. */
  readonly name: string;
  readonly source: SourceText;
  readonly variables: Readonly<Record<string, string>>;
  /** Over the statement with its values, and what the directives say: comments may change. */
  readonly checksum: string;
  /** With $1 and $2 for the bounds. */
  readonly statement: PlacedStatement;
  /** The table that is walked through, as the user writes it. */
  readonly table: string;
  /** Null: the primary key. */
  readonly key: string | null;
}

/** A statement as it is sent, and how its places are those of the file. */
export interface FilledStatement {
  readonly statement: PlacedStatement;
  /** The text of the whole file with its values. */
  readonly sql: string;
  readonly originalIndex: (index: number) => number;
}

/** Reads and checks a file before anything runs; throws BACKFILL_FILE_INVALID, MIGRATION_SYNTAX and VARIABLE_UNDEFINED. */
export async function readBackfillFile(
  path: string,
  variables: Readonly<Record<string, string>>,
): Promise<BackfillFile> {
  const source = { ...readSourceText(dirname(path), basename(path), invalid), path };
  await loadSqlParser();
  const { statement } = fill({ source, variables }, { from: "$1", to: "$2" });
  const { table, key = null } = readDirectives(source);
  const walked = table ?? targetOf(statement);
  if (walked === undefined) {
    throw invalidFile(invalid, source, {
      index: statement.index,
      message: "The file does not say which table is walked through.",
      hint: "Add a line before the statement: -- backfill:table NAME",
    });
  }
  const checksum = checksumOf(JSON.stringify([statement.text, walked, key]));
  const name = basename(path).replace(/\.sql$/, "");
  return { name, source, variables, checksum, statement, table: walked, key };
}

const invalid = "BACKFILL_FILE_INVALID";

/** Refuses what would miss rows or change some twice, once the key is known. */
export function checkBounds(file: BackfillFile, key: string): void {
  const { source, statement } = file;
  const problem =
    boundsProblem(statement, { table: file.table, key }) ?? changesColumn(statement, key);
  if (problem !== undefined) throw fileError(source, statement, problem);
}

function fileError(
  source: SourceText,
  { index }: PlacedStatement,
  problem: { readonly message: string; readonly hint: string },
): CliError {
  return invalidFile(invalid, source, { index, ...problem });
}

/** Puts the values of variables and these bounds into the file. */
export function fill(
  { source, variables }: Pick<BackfillFile, "source" | "variables">,
  bounds: { readonly from: string; readonly to: string },
): FilledStatement {
  const raw: Readonly<Record<string, RawSql>> = {
    batch_from: { sql: bounds.from },
    batch_to: { sql: bounds.to },
  };
  const placed = { source, sql: source.text, start: 0 };
  const { text, originalIndex } = replacePlaceholders(placed, { ...variables, ...raw });
  const [statement, second] = statementsIn(source, text, { start: 0, originalIndex });
  if (statement === undefined || second !== undefined) {
    throw invalidFile(invalid, source, {
      index: second === undefined ? 0 : originalIndex(second.index),
      message:
        statement === undefined ? "The file has no statement." : "A second statement begins here.",
      hint: "A backfill is one UPDATE, DELETE, INSERT ... SELECT or MERGE, which runs for each batch.",
    });
  }
  if (!kinds.has(statement.kind)) {
    throw fileError(source, { ...statement, index: originalIndex(statement.index) }, notAChange);
  }
  return { statement, sql: text, originalIndex };
}

const kinds: ReadonlySet<string> = new Set(["UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt"]);

const notAChange = {
  message: "The statement changes no rows.",
  hint: "A backfill is one UPDATE, DELETE, INSERT ... SELECT or MERGE; another statement belongs into a migration.",
};
