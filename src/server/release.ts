import { existsSync } from "node:fs";

import type { Acquired } from "./acquire.ts";
import { askToStop, type Postmaster, waitForPostmaster } from "./postmaster.ts";

/** How long, in milliseconds, a command waits to see the end of the server that it stopped. */
const stopPatience = 5_000;

/**
 * Leaves the server, and stops it unless it is to be kept running or somebody else uses it. Never
 * throws: the work is done by now, and a server that goes on is stopped by the next command.
 */
export async function releaseServer({ place, postmaster, presence }: Acquired): Promise<void> {
  const { dataDirectory, keepFile } = place;
  const isKept = (): boolean => existsSync(keepFile);
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (isKept()) return;
    // Smart: a client that slips in now may finish.
    askToStop(postmaster, "smart");
    stopped = true;
    // Whoever waits for the lock must see "stopping" once this presence has given the lock up.
    await waitForPostmaster(dataDirectory, (seen) => seen?.status !== "ready", stopPatience);
  };
  try {
    // Without asking who else is connected: a client of a kept server would cost the time to settle.
    await (isKept() ? presence.end() : presence.endAndStop(stop));
    const isGone = (seen: Postmaster | undefined): boolean => seen?.pid !== postmaster.pid;
    if (stopped) await waitForPostmaster(dataDirectory, isGone, stopPatience);
  } catch {
    // The server was stopped by another command or has crashed; both leave nothing to release.
  }
}
