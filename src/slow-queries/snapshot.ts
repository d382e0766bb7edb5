import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { explainMissingEngine } from "../db/engine-missing.ts";
import { requirePrimary } from "../db/primary.ts";
import { ServerError } from "../db/server-error.ts";
import type { Database } from "../db/database.ts";
import { notesOnSnapshot } from "./notes.ts";
import { explainProblem, problemOf, statisticsMissing } from "./problem.ts";
import { server as readServer, storedSnapshots, takeSnapshot } from "./queries.ts";
import type { SnapshotResult } from "./results.ts";
import type { Server, StoredSnapshots, TakenSnapshot } from "./rows.ts";

/**
 * Stores what pg_stat_statements says now, and deletes snapshots older than `keep` milliseconds; undefined: than the
 * snapshot before was told. Throws SERVER_IS_STANDBY, STATISTICS_MISSING, ENGINE_MISSING, and SERVER_REFUSED for who
 * does not own the engine's tables.
 */
export async function snapshot(
  { withDatabase }: Pick<Context, "withDatabase">,
  { keep }: { readonly keep: number | undefined },
): Promise<SnapshotResult> {
  return withDatabase(async (database) => {
    const [server] = await readServer(database);
    if (server === undefined) throw new Error("The query for the server returned no row.");
    requirePrimary({ database: server.database, standby: server.is_standby });
    const problem = problemOf(server);
    if (problem !== undefined) throw statisticsMissing(explainProblem(problem, server));
    const [taken, stored] = await take(database, keep).catch((error: unknown) => {
      throw explain(error, server);
    });
    return {
      database: server.database,
      snapshotId: taken.snapshot_id,
      takenAt: taken.taken_at.toISOString(),
      statements: taken.statements,
      hiddenStatements: stored.hidden_statements,
      changedStatements: taken.changed,
      newTexts: taken.new_texts,
      deletedSnapshots: taken.deleted,
      storedSnapshots: stored.stored,
      oldest: (stored.oldest ?? taken.taken_at).toISOString(),
      bytes: stored.bytes,
      notes: notesOnSnapshot(stored.hidden_statements, server),
    };
  });
}

async function take(
  database: Database,
  keep: number | undefined,
): Promise<readonly [taken: TakenSnapshot, stored: StoredSnapshots]> {
  const [taken] = await takeSnapshot(database, { keep: keep ?? null });
  if (taken === undefined) throw new Error("The function for snapshots returned no row.");
  const [stored] = await storedSnapshots(database, { id: taken.snapshot_id });
  if (stored === undefined) throw new Error("The query for the snapshots returned no row.");
  return [taken, stored];
}

function explain(error: unknown, server: Server): unknown {
  if (!(error instanceof ServerError)) return error;
  // SQLSTATE object_not_in_prerequisite_state: the extension is created, and its module is not loaded.
  if (error.sqlState === "55000") {
    return statisticsMissing(explainProblem("not_preloaded", server));
  }
  if (error.sqlState !== "42501") return explainMissingEngine(error);
  return new CliError("SERVER_REFUSED", {
    message: `Role "${server.user}" may not store snapshots in database "${server.database}".`,
    detail: error.message,
    hint: "Take them as the role that has installed the engine with migrate: the tables belong to it.",
    sqlState: error.sqlState,
    cause: error,
  });
}
