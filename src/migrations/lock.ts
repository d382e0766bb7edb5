import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { lockHolder, tryLock } from "./queries.ts";

/** How long a run waits for another one, in milliseconds. */
const patience = 60_000;

/**
 * Takes the migration lock for as long as the session lives and runs `read` in the same round trip, so that it sees
 * what the last holder left. Polls, with jitter so that waiting runners do not ask in step; throws LOCKED with the
 * holder's name when the time is over.
 */
export async function lockMigrations<State>(
  database: Database,
  read: () => Promise<State>,
  onWait: () => void,
): Promise<State> {
  const deadline = performance.now() + patience;
  const [[lock], state] = await Promise.all([tryLock(database), read()]);
  if (lock?.locked === true) return state;
  onWait();
  while (performance.now() < deadline) {
    await sleep(50 + Math.random() * 150);
    const [retried] = await tryLock(database);
    if (retried?.locked === true) return read();
  }
  throw await lockedError(database);
}

async function lockedError(database: Database): Promise<CliError> {
  const [holder] = await lockHolder(database);
  return new CliError("LOCKED", {
    message: "Another run holds the migration lock of this database.",
    detail:
      holder &&
      `Process ${holder.pid} of user "${holder.user ?? "?"}" from ${holder.client_address ?? "this host"}, ` +
        `"${holder.application_name}", connected since ${holder.connected_since.toISOString()}.`,
    hint: "Wait for it to end and run the command again.",
  });
}
