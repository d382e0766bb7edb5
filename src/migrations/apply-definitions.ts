import type { Database } from "../db/database.ts";
import { ServerError } from "../db/server-error.ts";
import { sqlFailure } from "../db/sql-failure.ts";
import type { DefinitionFile } from "./definition-file.ts";
import type { FollowedRun } from "./follow-run.ts";

/**
 * Gives the files of functions/ and views/ to the engine, which applies those that are not current, all in one
 * transaction: it decides again, since a migration may just have dropped some.
 */
export async function applyDefinitions(
  database: Database,
  files: readonly DefinitionFile[],
  followed: FollowedRun,
): Promise<void> {
  try {
    await database.query("select * from public.apply_definitions($1)", [
      files.map(definitionEntry),
    ]);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const source = files.find((file) => file.source.path === followed.current)?.source;
    throw sqlFailure(error, source && { name: source.path, sql: source.text, start: 0, source }, {
      code: "DEFINITION_FAILED",
      message: `"${source?.path ?? "A file of functions/ or views/"}" could not be applied.`,
      hint: "All functions and views are as they were; migrations that were applied before stay applied.",
    });
  }
}

function definitionEntry({ source, kind, name, refersTo }: DefinitionFile): object {
  return {
    path: source.path,
    kind,
    name,
    refers_to: refersTo,
    checksum: source.checksum,
    definition: source.text,
  };
}
