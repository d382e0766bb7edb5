import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../core/package-root.ts";
import type { Database, Parameter } from "./database.ts";

/** Runs the query of a file and returns its rows. */
export type SqlFile<Row> = (
  database: Database,
  ...parameters: readonly Parameter[]
) => Promise<readonly Row[]>;

/**
 * Returns the query of the file `path` below sql/queries/; its text is read when it is first needed. The columns of
 * our own queries cannot change while the program runs, so a test compares them with `Row` and not each run.
 */
export function sqlFile<Row extends object>(path: string): SqlFile<Row> {
  let text: string | undefined;
  return async (database, ...parameters) => {
    text ??= readFileSync(join(packageRoot, "sql", "queries", path), "utf8");
    return (await database.query(text, parameters)) as readonly Row[];
  };
}
