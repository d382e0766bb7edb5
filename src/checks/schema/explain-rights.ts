import { CliError } from "../../core/errors.ts";
import { quoteIdentifier } from "../../core/identifiers.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";

/** The tables of the tool that tell which objects are its own, what is applied, and who has changed something. */
const tables = [
  "schema_migrations",
  "schema_engine",
  "partition_policies",
  "retired_partitions",
  "ddl_events",
].map((name) => `public.${name}`);

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
    const { name } = row as { readonly name: string };
    throw new CliError("SERVER_REFUSED", {
      message: `Role "${name}" may not read what this tool has recorded in the database.`,
      detail: error.message,
      hint: `Let the owner of the tables allow to read them: GRANT SELECT ON ${tables.join(", ")} TO ${quoteIdentifier(name)};`,
      sqlState: error.sqlState,
      cause: error,
    });
  }
}
