import { CliError } from "../core/errors.ts";
import type { Database } from "./database.ts";

/** How often the two sessions are compared. */
const rounds = 3;

/** How long a second session may take, in milliseconds: a pool of one session in session mode never gives it. */
const patience = 5000;

/**
 * Refuses a connection pooler that changes the server's session between transactions: the lock of a run and the
 * settings would stay with one session while the statements run in another. `processId` is the process that serves us.
 *
 * A pooler gives out a number of its own at the login, which is how it is recognized without a further message. Whether
 * it pools transactions is then tried out: our process must stay ours while a second session is in a transaction.
 */
export async function refuseTransactionPooler(
  database: Database,
  processId: number,
): Promise<void> {
  if (database.processId === processId) return;
  if (await changesSessions(database, processId)) throw poolerError();
}

async function changesSessions(database: Database, processId: number): Promise<boolean> {
  try {
    return await database.beside(AbortSignal.timeout(patience), async (other) => {
      for (let round = 0; round < rounds; round += 1) {
        await other.query("begin");
        // Asked next, our own session would wait for theirs in a pool that has no more than one.
        if ((await processOf(other)) === processId) return true;
        if ((await processOf(database)) !== processId) return true;
        await other.query("commit");
      }
      return false;
    });
  } catch {
    // No room for a second session: the first one has its own to itself.
    return (await processOf(database)) !== processId;
  }
}

async function processOf(database: Database): Promise<number | undefined> {
  const [row] = await database.query("select pg_catalog.pg_backend_pid() as process_id");
  return (row as { readonly process_id: number } | undefined)?.process_id;
}

function poolerError(): CliError {
  return new CliError("POOLER_UNSUITABLE", {
    message:
      "The connection goes through a pooler that changes the server's session between transactions.",
    detail:
      "The lock of a run, the time limits and CREATE INDEX CONCURRENTLY need one session for the whole run.",
    hint: "Connect to the server itself, or through a pool with pool_mode = session. Nothing was changed.",
  });
}
