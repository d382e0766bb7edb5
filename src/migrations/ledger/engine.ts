import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../core/package-root.ts";
import { toolVersion } from "../../core/tool-version.ts";
import { CliError, type ErrorCode } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { ServerError } from "../../db/server-error.ts";
import { retryOnLock } from "../run/lock-retry.ts";
import type { Run } from "../run/run.ts";

/** The SQL that the toolkit installs into a database. */
export interface Engine {
  /** SHA-256 over its files, in hexadecimal: equal hashes need no upgrade. */
  readonly hash: string;
  readonly text: string;
}

let loaded: Engine | undefined;

/** Returns the engine of this version of the tool; tables come before the functions that use them. */
export function loadEngine(): Engine {
  loaded ??= readEngine(join(packageRoot, "sql", "engine"));
  return loaded;
}

function readEngine(folder: string): Engine {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".sql"))
    .map((path) => path.replaceAll("\\", "/"));
  const tables = paths.filter((path) => path.includes("/tables/")).toSorted();
  const functions = paths.filter((path) => !path.includes("/tables/")).toSorted();
  const text = [...tables, ...functions]
    .map((path) => readFileSync(join(folder, path), "utf8"))
    .join("\n");
  return { hash: createHash("sha256").update(text).digest("hex"), text };
}

/**
 * Installs the engine, or upgrades an older one, in one transaction; the caller holds the migration lock. Bodies are
 * not checked, because functions come in alphabetical order and call each other. Waits for no lock longer than three
 * seconds, or `lockTimeout` milliseconds: the ledger may be read in a transaction that stays open.
 */
export async function installEngine(database: Database, lockTimeout = 3000): Promise<void> {
  await installOrReplace(database, installation(loadEngine(), lockTimeout));
}

/** The same as a part of the caller's transaction, for which its settings hold afterwards: search_path is pinned. */
export async function installEngineInTransaction(
  database: Database,
  lockTimeout = 3000,
): Promise<void> {
  await database.query("savepoint doramaflix_db_engine");
  await installOrReplace(
    database,
    installation(loadEngine(), lockTimeout),
    "rollback to savepoint doramaflix_db_engine;",
  );
}

/** Sends `again` before the second attempt. */
async function installOrReplace(database: Database, text: string, again = ""): Promise<void> {
  await explained(async () =>
    database.query(text).catch(async (error: unknown) => {
      if (!(error instanceof ServerError) || error.sqlState !== cannotReplace) throw error;
      return database.query(again + dropRoutines + text);
    }),
  );
}

async function explained(install: () => Promise<unknown>): Promise<void> {
  try {
    await install();
  } catch (error) {
    throw error instanceof ServerError ? installationFailure(error) : error;
  }
}

/** SQLSTATE invalid_function_definition: a parameter has another name, or the result another type. */
const cannotReplace = "42P13";

/** Drops the routines of an earlier engine, and with them the rights to call them; those of triggers have no parameters. */
const dropRoutines = `
  do $drop$
  declare
      routine text;
  begin
      for routine in
          select r.name
          from public.schema_engine e
          cross join lateral unnest(e.routines) r (name)
          join pg_catalog.pg_proc p on p.oid = to_regprocedure(r.name)
          where p.prorettype <> 'trigger'::regtype
      loop
          execute format('drop routine %s', routine);
      end loop;
  end
  $drop$;
`;

/** Does the same in a run, and again while the engine's tables are locked. */
export async function installEngineInRun(run: Run): Promise<void> {
  const { database, options } = run;
  await retryOnLock(
    run,
    () => "The engine",
    async () => installEngine(database, options.lockTimeout),
  );
}

/** Returns the statements of an installation, for a script that runs them in a transaction. */
export function engineScript(): string {
  return installation(loadEngine(), 3000);
}

// Several statements in one message are one transaction.
function installation({ hash, text }: Engine, lockTimeout: number): string {
  // All values are ours and hold no quote; a parameter would need a round trip of its own.
  return `
    set local search_path = pg_catalog, pg_temp;
    set local client_min_messages = warning;
    set local check_function_bodies = off;
    set local lock_timeout = ${lockTimeout};
    ${text}
    select public.record_engine('${hash}', '${toolVersion()}');
  `;
}

function installationFailure(error: ServerError): CliError {
  const { message, detail, hint, sqlState } = error;
  const code = ownErrors[sqlState];
  if (code !== undefined)
    return new CliError(code, { message, detail, hint, sqlState, cause: error });
  return new CliError("SERVER_REFUSED", {
    message: "The engine could not be installed or upgraded.",
    detail: detail === undefined ? message : `${message}\n${detail}`,
    hint: remedies[sqlState] ?? hint ?? "Nothing was changed.",
    sqlState,
    cause: error,
  });
}

/** Those that the installation itself raises, by SQLSTATE. */
const ownErrors: Readonly<Record<string, ErrorCode>> = {
  DF007: "LEDGER_FOREIGN",
  DF010: "ENGINE_NEWER",
};

/** By SQLSTATE: insufficient_privilege and lock_not_available. */
const remedies: Readonly<Record<string, string>> = {
  "42501":
    'Run the command once as the owner of the tables and functions of the engine in schema "public".',
  "55P03":
    "Nothing was changed. End the transactions that have read the ledger's tables and stay open, and run the command again.",
};
