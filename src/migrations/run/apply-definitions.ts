import { ServerError } from "../../db/server-error.ts";
import { sqlFailure } from "../../db/sql-failure.ts";
import type { DefinitionFile } from "../../project/definition-file.ts";
import { isLockError } from "../../db/lock-retry.ts";
import { lockReason, retryOnLock } from "./lock-retry.ts";
import type { Run } from "./run.ts";

/**
 * Gives the files of functions/ and views/ to the engine, which applies those that are not current, all in one
 * transaction: it decides again, since a migration may just have dropped some.
 */
export async function applyDefinitions(run: Run, files: readonly DefinitionFile[]): Promise<void> {
  const { database, followed, settings, options, observer } = run;
  const nameOf = (): string => `"${followed.current ?? "A file of functions/ or views/"}"`;
  try {
    await retryOnLock(run, nameOf, async () => {
      // Each migration leaves the session with them.
      if (followed.ended.length === 0 || options.statementTimeout > 0)
        await database.query("select public.set_session($1)", [settings]);
      await database.query("select * from public.apply_definitions($1)", [
        files.map(definitionEntry),
      ]);
    });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const source = files.find((file) => file.source.path === followed.current)?.source;
    const locked = error.sqlState === swapFailed || isLockError(error);
    throw sqlFailure(error, source && { name: source.path, sql: source.text, start: 0, source }, {
      code: locked ? "LOCK_TIMEOUT" : "DEFINITION_FAILED",
      message: locked
        ? `${nameOf()} ${lockReason(error, options)}, ${options.lockRetries + 1} times in a row.`
        : `${nameOf()} could not be applied.`,
      reasons: locked ? observer.seen() : [],
      hint: "All functions and views are as they were; migrations that were applied before stay applied.",
    });
  }
}

/** All attempts to lock the views that were to be replaced have failed, for which the engine itself has been patient. */
const swapFailed = "DF054";

/** A file as the function apply_definitions takes it. */
export function definitionEntry({ source, kind, name, refersTo }: DefinitionFile): object {
  return {
    path: source.path,
    kind,
    name,
    refers_to: refersTo,
    checksum: source.checksum,
    definition: source.text,
  };
}
