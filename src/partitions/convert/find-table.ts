import { CliError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifiers.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";

/** A table as the session's search_path finds it. */
export interface FoundTable {
  readonly oid: number;
  /** Schema and name, quoted where needed. */
  readonly name: string;
}

/** Returns the table of that name, in quotes or, since a shell takes them away, without; throws USAGE. */
export async function findTable(database: Database, name: string): Promise<FoundTable> {
  const found = (await lookUp(database, name)) ?? (await lookUp(database, quoteIdentifier(name)));
  if (found !== undefined) return found;
  throw new CliError("USAGE", {
    message: `There is no table "${name}".`,
    hint: "Give its name, with its schema where that is not on the search_path: shop.orders",
  });
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
    // SQLSTATEs invalid_name and feature_not_supported (a name of four parts).
    const isNoName =
      error instanceof ServerError && ["42602", "0A000", "42601"].includes(error.sqlState);
    if (isNoName) return undefined;
    throw error;
  }
}
