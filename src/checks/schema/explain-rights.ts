import type { Database } from "../../db/database.ts";
import { missingSelect } from "../../db/missing-select.ts";
import { ServerError } from "../../db/server-error.ts";

/** The tables of the tool that tell which objects are its own, what is applied, and who has changed something. */
const tables = [
  "schema_migrations",
  "schema_engine",
  "partition_policies",
  "retired_partitions",
  "ddl_events",
];

/** Runs what reads them; says which GRANT is missing where the role may not. */
export async function withRights<Result>(
  database: Database,
  read: (database: Database) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(database);
  } catch (error) {
    if (!(error instanceof ServerError) || error.sqlState !== "42501") throw error;
    const [row] = await database.query("select current_user::text as name");
    const { name: user } = row as { readonly name: string };
    const message = `Role "${user}" may not read what this tool has recorded in the database.`;
    throw missingSelect(error, { user, message, tables });
  }
}
