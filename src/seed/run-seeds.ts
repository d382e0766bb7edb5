import type { Context } from "../context.ts";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { sqlFailure, type SentStatements } from "../db/sql-failure.ts";
import { showSteps } from "../output/steps.ts";
import { count, shortName } from "../output/units.ts";
import { engineTables } from "../core/engine-tables.ts";
import { insertedRows } from "./queries.ts";
import type { SeedResult } from "./results.ts";
import type { SeedFile } from "./seed-files.ts";

/**
 * What one file cannot change for the next: our own queries pin the path too. The names of the settings are looked up
 * by the server itself, so no schema matters here.
 */
const asConnected = "set local search_path to default; set local role to default";

/** Runs the files in the transaction that is open; throws SEED_FAILED with the place of the statement. */
export async function runSeeds(
  { database, output }: Pick<Context, "output"> & { readonly database: Database },
  files: readonly SeedFile[],
): Promise<Pick<SeedResult, "files" | "tables">> {
  const steps = await showSteps(output, { begin: "Running", end: "Ran" });
  const ignore = database.onNotice(({ severity, message }) => {
    output.note(`${severity.toLowerCase()}: ${message}`);
  });
  const rows: number[] = [];
  let tables: SeedResult["tables"] = [];
  try {
    for (const file of files) {
      steps.begin(file.source.path);
      await runFile(database, file);
      const before = totalOf(tables);
      tables = await insertedTables(database);
      rows.push(totalOf(tables) - before);
      steps.end(file.source.path, count(rows.at(-1) ?? 0, "row"));
    }
  } catch (error) {
    steps.fail();
    throw error;
  } finally {
    ignore();
  }
  return {
    files: steps.ended.map(({ name, duration }, place) => ({
      path: name,
      rows: rows[place] ?? 0,
      duration,
    })),
    tables,
  };
}

/** Ends the transaction; constraints that are checked only now may still refuse it. */
export async function commitSeeds(database: Database): Promise<void> {
  try {
    await database.query("commit");
  } catch (error) {
    throw error instanceof ServerError ? seedFailure(error, undefined) : error;
  }
}

async function runFile(database: Database, { source, statements }: SeedFile): Promise<void> {
  await database.query(asConnected);
  for (const { text, index } of statements) {
    try {
      await database.query(text);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const failed = { text, start: index, index };
      throw seedFailure(error, { name: source.path, sql: source.text, start: 0, source, failed });
    }
  }
}

function seedFailure(error: ServerError, sent: SentStatements | undefined): Error {
  const hint = hints[error.sqlState] ?? "Correct it and run the command again.";
  return sqlFailure(error, sent, {
    code: "SEED_FAILED",
    message: sent === undefined ? "The seeds could not be committed." : `"${sent.name}" failed.`,
    hint: `The database is as it was. ${hint}`,
  });
}

const migrateFirst = "Are all migrations applied? doramaflix-db status shows it.";

/** What to do, by SQLSTATE. */
const hints: Readonly<Record<string, string>> = {
  // No such table, column, function, object or schema.
  "42P01": migrateFirst,
  "42703": migrateFirst,
  "42883": migrateFirst,
  "42704": migrateFirst,
  "3F000": migrateFirst,
  // No privilege.
  "42501": "Connect as the owner of the tables, or as a member of the role that owns them.",
  "23505": "With --append, take another --random-seed than that of the rows that are there.",
  "25006": "The server takes no changes: connect to the primary.",
};

function totalOf(tables: SeedResult["tables"]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}

async function insertedTables(database: Database): Promise<SeedResult["tables"]> {
  const inserted = await insertedRows(database);
  const own = engineTables();
  return inserted
    .map(({ table, rows }) => ({ table: shortName(table), rows }))
    .filter(({ table }) => !own.has(table));
}
