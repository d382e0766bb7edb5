import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../core/package-root.ts";
import { toolVersion } from "../core/tool-version.ts";
import type { Database } from "../db/database.ts";

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
  const { hash, text } = loadEngine();
  // Both values are ours and hold no quote; a parameter would need a round trip of its own.
  await database.query(`
    begin;
    set local search_path = pg_catalog, pg_temp;
    set local client_min_messages = warning;
    set local check_function_bodies = off;
    ${text}
    select public.record_engine('${hash}', '${toolVersion()}');
    commit;
  `);
}
