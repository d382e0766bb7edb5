import { CliError } from "../core/errors.ts";
import { invalidFile } from "../core/invalid-file.ts";
import { readSourceText, type SourceText } from "../core/source-text.ts";
import { sqlFilesIn } from "../core/sql-files.ts";
import { loadSqlParser } from "../core/sql-parser.ts";
import {
  copyWithoutClient,
  isCopyWithClient,
  statementsIn,
  type PlacedStatement,
} from "../core/statements.ts";

/** A file of seeds/ that may be run. */
export interface SeedFile {
  readonly source: SourceText;
  readonly statements: readonly PlacedStatement[];
}

/** Reads and parses the files of seeds/ in the order of their names, and refuses what could not run as it stands. */
export async function readSeedFiles(folder: string): Promise<SeedFile[]> {
  const names = sqlFilesIn(folder, "seeds") ?? [];
  if (names.length === 0) {
    throw new CliError("SEEDS_NOT_FOUND", {
      message: `The project "${folder}" has no seeds.`,
      hint: "Write SQL files into its folder seeds/, which run in the order of their names; or name another project with --project.",
    });
  }
  const sources = names.map((name) => readSourceText(folder, `seeds/${name}`, "SEED_FILE_INVALID"));
  await loadSqlParser();
  return sources.map((source) => {
    const statements = statementsIn(source, source.text, 0);
    checkStatements(source, statements);
    return { source, statements };
  });
}

function checkStatements(source: SourceText, statements: readonly PlacedStatement[]): void {
  for (const statement of statements) {
    const problem = isCopyWithClient(statement) ? copyWithoutClient : transactionProblem(statement);
    if (problem !== undefined) {
      throw invalidFile("SEED_FILE_INVALID", source, { index: statement.index, ...problem });
    }
  }
}

function transactionProblem({
  kind,
}: PlacedStatement): { readonly message: string; readonly hint: string } | undefined {
  if (kind !== "TransactionStmt") return undefined;
  return {
    message: "A seed must not control the transaction.",
    hint: "Remove the statement: all files of seeds/ are one transaction already.",
  };
}
