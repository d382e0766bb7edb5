import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import type { Output } from "../output/output.ts";
import { formatMoment } from "../output/units.ts";
import { lockHolder, tryLock } from "./queries.ts";
import { readState, type LedgerState } from "./state.ts";

/** How long a run waits for another one, in milliseconds. */
const patience = 60_000;

/**
 * Takes the migration lock for as long as the session lives and reads the state again in the same round trip, so that
 * it is what the last holder left. Polls, with jitter so that waiting runners do not ask in step; throws LOCKED with
 * the holder's name when the time is over.
 */
export async function lockMigrations(
  { database, output }: { readonly database: Database; readonly output: Output },
  before: LedgerState,
): Promise<LedgerState> {
  const deadline = performance.now() + patience;
  const [[lock], state] = await Promise.all([tryLock(database), readState(database, before)]);
  if (lock?.locked === true) return state;
  output.note("Another run is at work in this database; waiting for it to end.");
  while (performance.now() < deadline) {
    await sleep(50 + Math.random() * 150);
    const [retried] = await tryLock(database);
    if (retried?.locked === true) return readState(database, before);
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
        `"${holder.application_name}", connected since ${formatMoment(holder.connected_since.toISOString())} UTC.`,
    hint: "Wait for it to end and run the command again.",
  });
}
