import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../db/database.ts";
import { count, formatDuration } from "../../output/units.ts";
import type { FollowedRun } from "./follow-run.ts";
import { blockers, indexProgress } from "../queries.ts";
import type { Blocker, IndexProgress } from "../rows.ts";

/** What a run waits for, seen from a second session, because one that waits can say nothing itself. */
export interface WaitObserver {
  /** Begins to look at once, and not only when a step takes long. */
  start(): void;
  /** Describes the sessions that the run waited for when it was last seen waiting, one a line; none after `forget`. */
  seen(): readonly string[];
  forget(): void;
}

/** A step that ends sooner is not worth a second session, in milliseconds. */
const slow = 500;

/**
 * Runs `use` and meanwhile, as soon as a step takes longer than half a second, looks twice a second (more often under a
 * shorter `lockTimeout`, in milliseconds) at what it waits for and how far an index is. What goes wrong with looking
 * harms nothing: then it is not known.
 */
export async function observeWaits<Result>(
  database: Database,
  { followed, lockTimeout }: { readonly followed: FollowedRun; readonly lockTimeout: number },
  use: (observer: WaitObserver) => Promise<Result>,
): Promise<Result> {
  const interval = lockTimeout === 0 ? slow : Math.max(20, Math.min(slow, lockTimeout / 4));
  const ending = new AbortController();
  let waitedFor: readonly Blocker[] = [];
  let watch: Promise<void> | undefined;
  const looked = new AbortController();
  const look = async (other: Database): Promise<void> => {
    while (!ending.signal.aborted) {
      const [found, [index]] = await Promise.all([blockers(other), indexProgress(other)]);
      looked.abort();
      if (found.length > 0) waitedFor = found;
      const progress = describeProgress(found, index);
      if (progress !== undefined) followed.tell(progress);
      await sleep(interval, undefined, { signal: ending.signal });
    }
  };
  const start = (): void => {
    watch ??= database.beside(ending.signal, look).catch(() => {
      looked.abort();
    });
  };
  const timer = setInterval(
    () => {
      if (followed.currentDuration > Math.min(slow, interval)) start();
    },
    Math.min(slow, interval) / 2,
  );
  try {
    // A short wait is over before a second session is open.
    if (lockTimeout > 0 && lockTimeout < 2 * slow) {
      const firstLook = once(looked.signal, "abort");
      start();
      await firstLook;
    }
    return await use({
      start,
      seen: () => waitedFor.map(describeBlocker),
      forget: () => {
        waitedFor = [];
      },
    });
  } finally {
    clearInterval(timer);
    ending.abort();
    await watch;
  }
}

function describeProgress(
  waiting: readonly Blocker[],
  index: IndexProgress | undefined,
): string | undefined {
  const waits = waiting.map(({ process_id: id }) => `process ${id}`).join(", ");
  if (index === undefined) return waits === "" ? undefined : `waits for ${waits}`;
  const { phase, fraction, index: name } = index;
  const percent = fraction === null ? "" : `, ${Math.floor(fraction * 100)} %`;
  return `${name === "" ? "index" : name}: ${phase}${percent}${waits === "" ? "" : `, waits for ${waits}`}`;
}

function describeBlocker(blocker: Blocker): string {
  const { process_id: id, user, application_name: application, query, queued } = blocker;
  const queue = queued === 0 ? "" : ` ${count(queued, "session")} queued behind this run.`;
  if (id === 0) return `A prepared transaction (see pg_prepared_xacts).${queue}`;
  const about = [
    `user "${user ?? "?"}"`,
    application ? `application "${application}"` : undefined,
    describeState(blocker),
  ].filter((part) => part !== undefined);
  return `Process ${id} (${about.join(", ")}): ${(query ?? "").replaceAll(/\s+/g, " ")}${queue}`;
}

function describeState({ state, transaction_age: age }: Blocker): string | undefined {
  if (state === null) return undefined;
  return age === null ? state : `${state}, transaction open for ${formatDuration(age)}`;
}
