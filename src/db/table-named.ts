import { quoteIdentifier } from "../core/identifiers.ts";
import type { Database } from "./database.ts";
import { ServerError } from "./server-error.ts";

/** A table as the session's search_path finds it. */
export interface FoundTable {
  readonly oid: number;
  /** Schema and name, quoted where needed. */
  readonly name: string;
}

/** Finds a table as the user's search_path does; a shell takes the quotes of "Watch History" away. */
export async function tableNamed(
  database: Database,
  name: string,
): Promise<FoundTable | undefined> {
  return (await lookUp(database, name)) ?? lookUp(database, quoteIdentifier(name));
}

async function lookUp(database: Database, name: string): Promise<FoundTable | undefined> {
  try {
    const [row] = (await database.query(
      `select c.oid::bigint::float8 as oid, pg_catalog.format('%I.%I', n.nspname, c.relname) as name
       from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.oid = pg_catalog.to_regclass($1)`,
      [name],
    )) as readonly FoundTable[];
    return row;
  } catch (error) {
    // SQLSTATEs invalid_name, feature_not_supported and syntax_error, for a name with the wrong number of parts.
    if (error instanceof ServerError && /^(42602|0A000|42601)$/.test(error.sqlState))
      return undefined;
    throw error;
  }
}
