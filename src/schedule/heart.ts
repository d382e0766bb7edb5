import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../db/database.ts";
import { CliError } from "../core/errors.ts";
import { tryLead } from "./queries.ts";
import type { Lead } from "./rows.ts";

/** How often the leader looks whether it still leads, and how long the answer may take, in milliseconds. */
const interval = 1000;
const patience = 5000;

/** What the leader knows of its lead while it does something else. */
export class Heart {
  /** Aborted when the session that holds the lock is gone, or does not answer. */
  readonly lost: AbortSignal;
  readonly #lost = new AbortController();
  readonly #database: Database;
  readonly #identity: string;
  readonly #stop: AbortSignal;
  readonly #beaten: () => void;
  /** How far the server's clock is ahead of ours, in milliseconds. */
  #ahead: number;

  /** `beaten` is called whenever the server has answered. */
  constructor(
    database: Database,
    lead: Lead,
    { stop, beaten }: { readonly stop: AbortSignal; readonly beaten: () => void },
  ) {
    this.#database = database;
    this.#identity = lead.identity;
    this.#stop = stop;
    this.#beaten = beaten;
    this.#ahead = lead.now.getTime() - Date.now();
    this.lost = this.#lost.signal;
  }

  /** What time it is on the server: several schedulers, and the database, have to mean the same by "due". */
  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** Beats until it is to stop, or the lead is lost. */
  async beat(over: AbortSignal): Promise<void> {
    const ends = AbortSignal.any([this.#stop, over]);
    while (!ends.aborted) {
      await sleep(interval, undefined, { signal: ends }).catch(() => {});
      if (ends.aborted) return;
      try {
        await this.#ask();
      } catch (error) {
        if (!ends.aborted) this.#lost.abort(error);
        return;
      }
    }
  }

  async #ask(): Promise<void> {
    const late = new AbortController();
    try {
      const answer = await Promise.race([
        tryLead(this.#database),
        sleep(patience, undefined, { signal: late.signal }),
      ]);
      const [lead] = answer ?? [];
      if (lead?.leads !== true || lead.identity !== this.#identity) throw lostLead();
      this.#ahead = lead.now.getTime() - Date.now();
      this.#beaten();
    } finally {
      late.abort();
    }
  }
}

function lostLead(): CliError {
  return new CliError("CONNECTION_LOST", {
    message:
      "The session that holds the lock of the leading scheduler is gone, or does not answer.",
  });
}
