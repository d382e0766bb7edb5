import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { refuseTransactionPooler } from "../../db/pooler.ts";
import type { Output } from "../../output/output.ts";
import { formatDuration, formatMoment } from "../../output/units.ts";
import { lockHolder, tryLock } from "../queries.ts";
import { defaultRunOptions } from "./run-options.ts";
import type { Lock, LockHolder } from "../rows.ts";
import { readState, type LedgerState } from "../ledger/state.ts";

/** A state that nobody else changes. */
export interface LockedState extends LedgerState {
  readonly lock: Lock;
}

/**
 * Takes the migration lock for as long as the session lives and reads the state again in the same round trip, so that
 * it is what the last holder left. Polls, with jitter so that waiting runners do not ask in step; after `wait`
 * milliseconds throws LOCKED with the holder's name. Throws POOLER_UNSUITABLE where no session can hold a lock.
 */
export async function lockMigrations(
  { database, output }: { readonly database: Database; readonly output: Output },
  before: LedgerState,
  wait: number = defaultRunOptions.wait,
): Promise<LockedState> {
  const deadline = performance.now() + wait;
  // Before the lock is taken, which would otherwise stay with a session of the pool.
  await refuseTransactionPooler(database, before.facts.process_id);
  const [[lock], state] = await Promise.all([tryLock(database), readState(database, before)]);
  if (lock?.locked === true) return { ...state, lock };
  await tellOfHolder(database, output, wait);
  while (performance.now() < deadline) {
    await sleep(50 + Math.random() * 150);
    const [retried] = await tryLock(database);
    if (retried?.locked === true) return { ...(await readState(database, before)), lock: retried };
  }
  throw await lockedError(database);
}

async function tellOfHolder(database: Database, output: Output, wait: number): Promise<void> {
  if (wait === 0) return;
  const [holder] = await lockHolder(database);
  const who = holder === undefined ? "" : ` ${described(holder)}`;
  output.note(
    `Another run is at work in this database; waiting up to ${formatDuration(wait)} for it to end.${who}`,
  );
}

/** The error for a lock that another session has. */
export async function lockedError(database: Database): Promise<CliError> {
  const [holder] = await lockHolder(database);
  return new CliError("LOCKED", {
    message: "Another run holds the migration lock of this database.",
    detail: holder && described(holder),
    hint: "Wait for it to end and run the command again, or give it longer with --wait.",
  });
}

function described(holder: LockHolder): string {
  const { pid, user, client_address: address, application_name: application } = holder;
  // The server hides it, and the address, from a role that may not read all of pg_stat_activity.
  const since = holder.connected_since;
  const version = /^doramaflix-db: (.+)$/.exec(application)?.[1];
  const doing = version === undefined ? "" : ` It is at migration or file "${version}".`;
  const from = since === null ? "" : ` from ${address ?? "this host"}`;
  const connected =
    since === null ? "" : `, connected since ${formatMoment(since.toISOString())} UTC`;
  return `Process ${pid} of user "${user ?? "?"}"${from}, "${application}"${connected}.${doing}`;
}
