import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { packageRoot } from "../core/package-root.ts";
import type { Database, Parameter } from "./database.ts";

/** Runs the query of a file and returns its rows, each checked. */
export type SqlFile<Row> = (
  database: Database,
  ...parameters: readonly Parameter[]
) => Promise<readonly Row[]>;

/**
 * Returns the query of the file `path` below sql/queries/; its text is read when it is first needed.
 *
 * A row that does not fit the schema is a bug of ours, and fails as one.
 */
export function sqlFile<Row>(path: string, row: z.ZodType<Row>): SqlFile<Row> {
  let text: string | undefined;
  return async (database, ...parameters) => {
    text ??= readFileSync(join(packageRoot, "sql", "queries", path), "utf8");
    const rows = await database.query(text, parameters);
    return rows.map((each) => row.parse(each));
  };
}
