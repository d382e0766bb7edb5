import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../../core/errors.ts";
import { refuseTransactionPooler } from "../../db/pooler.ts";
import { formatMoment } from "../../output/units.ts";
import { retireLock } from "./queries.ts";
import type { RetireWork } from "./retire-work.ts";
import type { RetireLock } from "./rows.ts";

/**
 * Takes the lock of the runs that retire partitions, which the session keeps; throws LOCKED and POOLER_UNSUITABLE. Asks
 * again and again instead of waiting in the server: a statement that waits has a snapshot, for which the other run's
 * DETACH would wait.
 */
export async function lockRun({ database, output, signal, patience }: RetireWork): Promise<void> {
  // Before the lock is taken, which would otherwise stay with a session of the pool.
  await refuseTransactionPooler(database);
  const deadline = performance.now() + patience.maxWait;
  let told = false;
  for (;;) {
    const [lock] = await retireLock(database);
    if (lock?.locked === true) return;
    if (performance.now() >= deadline) throw lockedBy(lock);
    if (!told) output.note("Waiting for another run that is retiring partitions of this database.");
    told = true;
    await sleep(interval, undefined, { signal }).catch(() => {});
  }
}

/** In milliseconds. */
const interval = 250;

/** It may just have ended. */
function lockedBy(holder: RetireLock | undefined): CliError {
  return new CliError("LOCKED", {
    message: "Another run is retiring partitions of this database.",
    detail:
      holder?.since === null || holder === undefined
        ? undefined
        : `Process ${holder.process_id} of user "${holder.user ?? "?"}", "${holder.application_name ?? ""}", in its ` +
          `present statement since ${formatMoment(holder.since.toISOString())} UTC.`,
    hint: "Wait for it to end and run the command again. Where its program was killed, the server still ends what it had begun.",
  });
}
