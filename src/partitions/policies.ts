import type { Database } from "../db/database.ts";
import { readTogether } from "../db/sql-file.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { policies, serverState } from "./queries.ts";
import type { Policy } from "./rows.ts";
import { tablesNamed } from "./tables-named.ts";

/** A database, and the policies that a command is for. */
export interface Policies {
  readonly name: string;
  readonly isStandby: boolean;
  readonly policies: readonly Policy[];
}

/**
 * Returns the policies of the tables that are named, as the user's search_path finds them, or of all. Throws
 * ENGINE_MISSING and POLICY_NOT_FOUND.
 */
export async function readPolicies(
  database: Database,
  names: readonly string[],
): Promise<Policies> {
  const [[server], all] = await readTogether(database, [serverState, policies]).catch(
    (error: unknown) => {
      throw explainMissingEngine(error);
    },
  );
  if (server === undefined) throw new Error("The query for the server's state returned no row.");
  return {
    name: server.database,
    isStandby: server.is_standby,
    policies: await tablesNamed(database, all, names),
  };
}
