import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../core/package-root.ts";
import { toolVersion } from "../core/tool-version.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";

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
 * not checked, because functions come in alphabetical order and call each other.
 */
export async function installEngine(database: Database): Promise<void> {
  await install(database, `begin; ${installation(loadEngine())} commit;`);
}

/** The same as a part of the caller's transaction, whose search_path is pinned by it. */
export async function installEngineInTransaction(database: Database): Promise<void> {
  await install(database, installation(loadEngine()));
}

async function install(database: Database, statements: string): Promise<void> {
  try {
    await database.query(statements);
  } catch (error) {
    if (error instanceof ServerError) throw installationFailure(error);
    throw error;
  }
}

function installation({ hash, text }: Engine): string {
  // Both values are ours and hold no quote; a parameter would need a round trip of its own.
  return `
    set local search_path = pg_catalog, pg_temp;
    set local client_min_messages = warning;
    set local check_function_bodies = off;
    ${text}
    select public.record_engine('${hash}', '${toolVersion()}');
  `;
}

function installationFailure(error: ServerError): CliError {
  const { message, detail, hint, sqlState } = error;
  if (sqlState === "DF007") {
    return new CliError("LEDGER_FOREIGN", { message, detail, hint, sqlState, cause: error });
  }
  return new CliError("SERVER_REFUSED", {
    message: "The engine could not be installed or upgraded.",
    detail: detail === undefined ? message : `${message}\n${detail}`,
    hint:
      sqlState === "42501"
        ? 'Run the command once as the owner of the tables and functions of the engine in schema "public".'
        : (hint ?? "Nothing was changed."),
    sqlState,
    cause: error,
  });
}
