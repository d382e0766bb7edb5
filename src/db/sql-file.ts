import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../core/package-root.ts";
import type { Database } from "./database.ts";

/** Runs the query of a file and returns its rows; `input` is the value of its $1, which the query reads as JSON. */
export type SqlFile<Row> = (database: Database, input?: object) => Promise<readonly Row[]>;

/**
 * Looks names up in the server's own schema, whatever search_path the role or the database sets: a function or an
 * operator of the same name elsewhere is never called; and waits no longer than three seconds for whoever has locked
 * what is read. Holds for the one message that it begins.
 */
const pinned = "set local search_path = pg_catalog, pg_temp;\nset local lock_timeout = '3s';\n";

/**
 * Returns the query of the file `path` below sql/queries/; its text is read when it is first needed. The columns of
 * our own queries cannot change while the program runs, so a test compares them with `Row` and not each run.
 */
export function sqlFile<Row extends object>(path: string): SqlFile<Row> {
  let text: string | undefined;
  return async (database, input) => {
    text ??= pinned + compact(readFileSync(join(packageRoot, "sql", "queries", path), "utf8"));
    const query = input === undefined ? text : text.replaceAll("$1", () => literal(input));
    return (await database.query(query)) as readonly Row[];
  };
}

/**
 * Leaves out lines that are comments, and indentation. The driver writes at most 1 kB at once: queries that are sent
 * together and are longer would reach the server in two pieces.
 */
function compact(sql: string): string {
  return sql.replaceAll(/^ *(?:--.*\n)?/gm, "");
}

/** A parameter of the protocol would need a message of its own, for which the pinned path would no longer hold. */
function literal(input: object): string {
  const json = JSON.stringify(input);
  // Written so that it is the same whether or not standard_conforming_strings is on.
  return ` E'${json.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
