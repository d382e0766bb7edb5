import { suggest } from "../config/suggest.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { readTogether } from "../db/sql-file.ts";
import { tableNamed } from "../db/table-named.ts";
import { shortName } from "../output/units.ts";
import { serverState, views } from "./queries.ts";
import type { ServerState, ViewRow } from "./rows.ts";

/** A database, its materialized views in the order of their levels, and those of them that were named. */
export interface Views {
  readonly server: ServerState;
  readonly all: readonly ViewRow[];
  /** By their qualified names; empty where none was named. */
  readonly named: ReadonlySet<string>;
}

/** Reads them; a name is looked up as the user's search_path has it. Throws ENGINE_MISSING and VIEW_NOT_FOUND. */
export async function readViews(database: Database, names: readonly string[]): Promise<Views> {
  const [[server], all] = await readTogether(database, [serverState, views]).catch(
    (error: unknown) => {
      throw explainMissingEngine(error);
    },
  );
  if (server === undefined) throw new Error("The query for the server's state returned no row.");
  const named = new Set<string>();
  for (const name of names) {
    const found = await tableNamed(database, name);
    const view = all.find(({ oid }) => oid === found?.oid);
    if (view === undefined) throw viewNotFound(name, found?.name, all);
    named.add(view.view);
  }
  return { server, all, named };
}

function viewNotFound(name: string, found: string | undefined, all: readonly ViewRow[]): CliError {
  const near = suggest(
    name,
    all.flatMap((each) => [each.name, shortName(each.view)]),
  );
  return new CliError("VIEW_NOT_FOUND", {
    message:
      found === undefined
        ? `There is no materialized view "${name}".`
        : `"${shortName(found)}" is no materialized view.`,
    hint: `${near} "doramaflix-db views status" lists all.`.trim(),
  });
}
