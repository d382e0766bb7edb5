import { CliError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifiers.ts";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";

/** Finds a table as the user's search_path does; a shell takes the quotes of "Watch History" away. */
async function tableNamed(database: Database, name: string): Promise<number | undefined> {
  for (const text of [name, quoteIdentifier(name)]) {
    try {
      const [row] = (await database.query(
        "select pg_catalog.to_regclass($1)::pg_catalog.oid::pg_catalog.int8::pg_catalog.float8 as oid",
        [text],
      )) as readonly { readonly oid: number | null }[];
      if (typeof row?.oid === "number") return row.oid;
    } catch (error) {
      // SQLSTATEs invalid_name, feature_not_supported and syntax_error, for a name with the wrong number of parts.
      if (!(error instanceof ServerError) || !/^(42602|0A000|42601)$/.test(error.sqlState))
        throw error;
    }
  }
  return undefined;
}

/** Returns those of the tables that are named, each once; all of them without names. Throws POLICY_NOT_FOUND. */
export async function tablesNamed<Table extends { readonly oid: number }>(
  database: Database,
  tables: readonly Table[],
  names: readonly string[],
): Promise<readonly Table[]> {
  if (names.length === 0) return tables;
  const found = new Set<Table>();
  for (const name of names) {
    const oid = await tableNamed(database, name);
    const table = tables.find((each) => each.oid === oid);
    if (table === undefined) throw policyNotFound(name, oid !== undefined);
    found.add(table);
  }
  return [...found];
}

function policyNotFound(name: string, exists: boolean): CliError {
  return new CliError("POLICY_NOT_FOUND", {
    message: exists
      ? `Table "${name}" has no row in partition_policies.`
      : `There is no table "${name}".`,
    hint: exists
      ? `INSERT INTO partition_policies (parent, granularity) VALUES ('${name.replaceAll("'", "''")}', 'monthly');`
      : 'The tables that have a policy: "doramaflix-db partitions status".',
  });
}
