import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import { refuseTransactionPooler } from "../db/pooler.ts";
import { formatMoment } from "../output/units.ts";
import { backfillLock } from "./queries.ts";
import type { Lock } from "./rows.ts";

/** How long a run that was killed may take to end its batch on the server, in milliseconds. */
const patience = 5000;

/** Takes the lock of a backfill for the session; throws LOCKED and POOLER_UNSUITABLE. */
export async function lockBackfill(database: Database, name: string): Promise<void> {
  // Before the lock is taken, which would otherwise stay with a session of the pool.
  await refuseTransactionPooler(database);
  const deadline = performance.now() + patience;
  for (;;) {
    const [lock] = await backfillLock(database, { name });
    if (lock?.locked === true) return;
    if (performance.now() > deadline) throw lockedBy(lock, name);
    await sleep(100 + Math.random() * 150);
  }
}

/** It may just have ended. */
function lockedBy(holder: Lock | undefined, name: string): CliError {
  return new CliError("LOCKED", {
    message: `Another run is working on backfill "${name}".`,
    detail:
      holder?.since === null || holder === undefined
        ? undefined
        : `Process ${holder.process_id} of user "${holder.user ?? "?"}", "${holder.application_name ?? ""}", connected ` +
          `since ${formatMoment(holder.since.toISOString())} UTC.`,
    hint: "Wait for it to end. --status shows how far it is.",
  });
}
