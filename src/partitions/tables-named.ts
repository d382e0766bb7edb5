import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { tableNamed } from "../db/table-named.ts";

/** Returns those of the tables that are named, each once; all of them without names. Throws POLICY_NOT_FOUND. */
export async function tablesNamed<Table extends { readonly oid: number }>(
  database: Database,
  tables: readonly Table[],
  names: readonly string[],
): Promise<readonly Table[]> {
  if (names.length === 0) return tables;
  const found = new Set<Table>();
  for (const name of names) {
    const named = await tableNamed(database, name);
    const table = tables.find(({ oid }) => oid === named?.oid);
    if (table === undefined) throw policyNotFound(name, named !== undefined);
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
