import { CliError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { readComposed } from "./sql-file.ts";

/** For how long a pooler gives a client one session of the server; "unknown" where that could not be tried out. */
export type Pooling = "session" | "transaction" | "statement" | "unknown";

/** How often the two sessions are compared. */
const rounds = 3;

/** How long a second session may take, in milliseconds: a pool of one session in session mode never gives it. */
const patience = 5000;

/**
 * Finds out whether a pooler is on the way, and of which kind; undefined where there is none. `processId` is the process
 * that serves us.
 *
 * A pooler gives out a number of its own at the login, which is how it is recognized without a further message. Whether
 * it pools transactions is then tried out: our process must stay ours while a second session is in a transaction.
 */
export async function poolingOf(
  database: Database,
  processId: number,
): Promise<Pooling | undefined> {
  if (database.processId === processId) return undefined;
  try {
    return await database.beside(AbortSignal.timeout(patience), async (other) =>
      compareSessions(database, other, processId),
    );
  } catch {
    // There is no room for a second session.
    return (await processOf(database)) === processId ? "unknown" : "transaction";
  }
}

async function compareSessions(
  database: Database,
  other: Database,
  processId: number,
): Promise<Pooling> {
  // A pool that has no session left for it may end its connection: this is not yet about transactions.
  await processOf(other);
  for (let round = 0; round < rounds; round += 1) {
    if (!(await canBegin(other))) return "statement";
    // Asked next, our own session would wait for theirs in a pool that has no more than one.
    if ((await processOf(other)) === processId) return "transaction";
    if ((await processOf(database)) !== processId) return "transaction";
    await other.query("commit");
  }
  return "session";
}

/** A pooler that changes the session after each statement ends the connection of a client that begins a transaction. */
async function canBegin(session: Database): Promise<boolean> {
  try {
    await session.query("begin");
    return true;
  } catch (error) {
    if (error instanceof CliError && error.code === "CONNECTION_LOST") return false;
    throw error;
  }
}

async function processOf(database: Database): Promise<number | undefined> {
  const [rows = []] = await readComposed(database, ["select pg_backend_pid() as process_id"]);
  return (rows as readonly { readonly process_id: number }[])[0]?.process_id;
}

/**
 * Refuses a connection pooler that changes the server's session between transactions: the lock of a run and the
 * settings would stay with one session while the statements run in another. `processId` is the process that serves us; it
 * is asked for where the caller does not know it.
 *
 * Where no second session could be had to try it out, the first one has its own to itself.
 */
export async function refuseTransactionPooler(
  database: Database,
  processId?: number,
): Promise<void> {
  const serving = processId ?? (await processOf(database));
  if (serving === undefined) throw new Error("The query for the process returned no row.");
  const pooling = await poolingOf(database, serving);
  if (pooling === "transaction" || pooling === "statement") throw poolerError();
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
