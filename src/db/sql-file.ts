import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quoteLiteral } from "../core/identifiers.ts";
import { packageRoot } from "../core/package-root.ts";
import type { Database } from "./database.ts";

/**
 * Runs the query of a file and returns its rows; `input` is the value of its $1, which the query reads as JSON, and
 * `settings` are statements SET LOCAL that hold for it.
 */
export interface SqlFile<Row> {
  (database: Database, input?: object, settings?: string): Promise<readonly Row[]>;
  readonly text: () => string;
}

/**
 * Looks names up in the server's own schema, whatever search_path the role or the database sets: a function or an
 * operator of the same name elsewhere is never called; and waits no longer than three seconds for whoever has locked
 * what is read. Queries of the catalog are over before they would have been compiled, which takes up to a second.
 * Holds for the one message that it begins.
 */
const pinned =
  "set local search_path = pg_catalog, pg_temp;\nset local lock_timeout = '3s';\nset local jit = off;\n";

/**
 * Returns the query of the file `path` below sql/queries/; its text is read when it is first needed. The columns of
 * our own queries cannot change while the program runs, so a test compares them with `Row` and not each run.
 */
export function sqlFile<Row extends object>(path: string): SqlFile<Row> {
  let read: string | undefined;
  const text = (): string =>
    (read ??= marked(readFileSync(join(packageRoot, "sql", "queries", path), "utf8")));
  const run = async (
    database: Database,
    input?: object,
    settings = "",
  ): Promise<readonly Row[]> => {
    const query = input === undefined ? text() : text().replaceAll("$1", () => literal(input));
    return (await database.query(pinned + settings + query)) as readonly Row[];
  };
  return Object.assign(run, { text });
}

/**
 * Runs several queries in one message and returns the rows of each. As messages of their own they would reach the
 * server in several pieces, because the driver writes at most 1 kB at once.
 */
export async function readTogether<const Files extends readonly SqlFile<object>[]>(
  database: Database,
  files: Files,
): Promise<{
  [Place in keyof Files]: Files[Place] extends SqlFile<infer Row> ? readonly Row[] : never;
}> {
  const results = await database.queryAll(pinned + files.map(({ text }) => text()).join("\n"));
  return results.slice(-files.length) as never;
}

/** Runs statements whose text depends on what is found, in one message, and returns the rows of each. */
export async function readComposed(
  database: Database,
  statements: readonly string[],
): Promise<readonly (readonly object[])[]> {
  const results = await database.queryAll(
    pinned + statements.map((statement) => `${marked(statement)};`).join("\n"),
  );
  return results.slice(-statements.length);
}

/** Stands in each of our queries, behind its first word, so that the server's statistics can tell them apart. */
export const ownMark = "/* doramaflix-db */";

function marked(query: string): string {
  return query.replace(/^(?:--.*\n)*\w+/, `$& ${ownMark}`);
}

/** A parameter of the protocol would need a message of its own, for which the pinned path would no longer hold. */
function literal(input: object): string {
  return quoteLiteral(JSON.stringify(input));
}
