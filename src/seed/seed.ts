import { engineTables } from "../core/engine-tables.ts";
import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { formatMoment, shortName } from "../output/units.ts";
import { settingsOf } from "./parameters.ts";
import { beginSeeds, tablesWithRows } from "./queries.ts";
import type { SeedResult } from "./results.ts";
import type { Begun } from "./rows.ts";
import { commitSeeds, runSeeds } from "./run-seeds.ts";
import { readSeedFiles } from "./seed-files.ts";

export interface SeedInput {
  readonly parameters: SeedResult["parameters"];
  /** Run although there are rows already. */
  readonly append: boolean;
}

/**
 * Runs the files of seeds/ in one transaction. A database that holds rows already is left alone: it has been filled
 * before, or it is one that nobody wants to be filled by chance.
 */
export async function seed(
  { config, output, withDatabase }: Context,
  { parameters, append }: SeedInput,
): Promise<SeedResult> {
  const files = await readSeedFiles(config.project);
  return withDatabase(async (database) => {
    await database.query("begin");
    const name = await begin(database);
    const filled = append ? [] : await filledTables(database);
    const nothing = { database: name, seeded: false, filled, parameters, files: [], tables: [] };
    if (filled.length > 0) return nothing;
    await database.query(
      "select pg_catalog.set_config(key, value, true) from pg_catalog.jsonb_each_text($1)",
      [settingsOf(parameters)],
    );
    const ran = await runSeeds({ database, output }, files);
    await commitSeeds(database);
    return { ...nothing, seeded: true, ...ran };
  });
}

/** Takes the lock, and returns the name of the database; throws LOCKED. */
async function begin(database: Database): Promise<string> {
  const [begun] = await beginSeeds(database);
  if (begun === undefined) throw new Error("The query for the lock returned no row.");
  if (begun.locked) return begun.database;
  throw new CliError("LOCKED", {
    message: "Another run is filling this database.",
    detail: holderOf(begun),
    hint: "Wait for it to end and run the command again.",
  });
}

/** It may just have ended. */
function holderOf(begun: Begun): string | undefined {
  if (begun.pid === null || begun.connected_since === null) return undefined;
  return (
    `Process ${begun.pid} of user "${begun.user ?? "?"}" from ${begun.client_address ?? "this host"}, ` +
    `"${begun.application_name ?? ""}", connected since ${formatMoment(begun.connected_since.toISOString())} UTC.`
  );
}

async function filledTables(database: Database): Promise<string[]> {
  const found = await tablesWithRows(database);
  const own = engineTables();
  return found.map(({ table }) => shortName(table)).filter((table) => !own.has(table));
}
