import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { poolingOf } from "../../db/pooler.ts";

/**
 * Refuses a connection pooler that changes the server's session between transactions: the migration lock and the
 * settings would stay with one session while the statements run in another. `processId` is the process that serves us.
 *
 * Where no second session could be had to try it out, the first one has its own to itself.
 */
export async function refuseTransactionPooler(
  database: Database,
  processId: number,
): Promise<void> {
  const pooling = await poolingOf(database, processId);
  if (pooling === "transaction" || pooling === "statement") throw poolerError();
}

function poolerError(): CliError {
  return new CliError("POOLER_UNSUITABLE", {
    message:
      "The connection goes through a pooler that changes the server's session between transactions.",
    detail:
      "The migration lock, the time limits and CREATE INDEX CONCURRENTLY need one session for the whole run.",
    hint: "Connect to the server itself, or through a pool with pool_mode = session. Nothing was changed.",
  });
}
