import { CliError } from "../core/errors.ts";
import { quoteIdentifier } from "../core/identifiers.ts";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { readTogether } from "../db/sql-file.ts";
import { policies, serverState } from "./queries.ts";
import type { Policy } from "./rows.ts";

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
      throw isMissingEngine(error) ? engineMissing(error) : error;
    },
  );
  if (server === undefined) throw new Error("The query for the server's state returned no row.");
  const found = await Promise.all(
    names.map(async (name) => {
      const oid = await tableNamed(database, name);
      const policy = all.find((each) => each.oid === oid);
      if (policy === undefined) throw policyNotFound(name, oid !== undefined);
      return policy;
    }),
  );
  return {
    name: server.database,
    isStandby: server.is_standby,
    policies: names.length === 0 ? all : found,
  };
}

/** Refuses a server that takes no changes. */
export function requirePrimary({ name, isStandby }: Policies): void {
  if (!isStandby) return;
  throw new CliError("SERVER_IS_STANDBY", {
    message: `The server of database "${name}" is a standby: it takes no changes.`,
    hint: "Run it on the primary, whose partitions the standby gets.",
  });
}

/** Returns the object identifier of the table; a name that is no name has none. */
async function tableNamed(database: Database, name: string): Promise<number | undefined> {
  const find = async (text: string): Promise<number | undefined> => {
    const [row] = (await database.query(
      "select pg_catalog.to_regclass($1)::oid::bigint::float8 as oid",
      [text],
    )) as readonly { readonly oid: number | null }[];
    return row?.oid ?? undefined;
  };
  const asWritten = await find(name).catch((error: unknown) => {
    // SQLSTATE invalid_name.
    if (error instanceof ServerError && error.sqlState === "42602") return undefined;
    throw error;
  });
  // A shell takes the quotes of "Watch History" away.
  return asWritten ?? find(quoteIdentifier(name));
}

/** SQLSTATEs undefined_table and undefined_function. */
const missing = new Set(["42P01", "42883"]);

function isMissingEngine(error: unknown): error is ServerError {
  return error instanceof ServerError && missing.has(error.sqlState);
}

function engineMissing(cause: ServerError): CliError {
  return new CliError("ENGINE_MISSING", {
    message: "This database has no engine of doramaflix-db, or an older one.",
    detail: cause.message,
    hint: 'Install it: "doramaflix-db migrate".',
    cause,
  });
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
