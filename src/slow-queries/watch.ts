import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import type { Database } from "../db/database.ts";
import type { Screens } from "../output/output.ts";
import { difference } from "./difference.ts";
import { checkNames, readFacts } from "./observe.ts";
import type { Problem } from "./problem.ts";
import { takeReading } from "./read.ts";
import type { Reading, Window } from "./reading.ts";
import type { SlowQueriesResult } from "./results.ts";
import { resultOf, type Options } from "./slow-queries.ts";

interface WatchOptions extends Options {
  /** Milliseconds from one look to the next. */
  readonly interval: number;
}

/** What is kept from one look to the next, also over a restart of the server. */
interface Memory {
  reading: Reading | undefined;
  hasLooked: boolean;
}

/** The first result is not waited for longer, in milliseconds; nor is a server that has gone away. */
const impatience = 1000;

/**
 * Looks again and again, and shows what runs now and what ended since the look before, until the user interrupts it or
 * nobody reads any more. A connection that is lost is opened again; the first one has to be there. Throws USAGE for a
 * database or role that there is not.
 */
export async function watch(
  context: Context,
  options: WatchOptions,
  screens: Screens<SlowQueriesResult>,
): Promise<void> {
  const signal = AbortSignal.any([context.signal, screens.closed]);
  const memory: Memory = { reading: undefined, hasLooked: false };
  while (!signal.aborted) {
    try {
      await context.withDatabase(async (database) => {
        await checkNames(database, options);
        while (!signal.aborted) {
          const began = performance.now();
          await look(database, { options, screens, memory });
          const isFirst = !memory.hasLooked;
          memory.hasLooked = true;
          const pause = isFirst ? Math.min(options.interval, impatience) : options.interval;
          await rest(pause - (performance.now() - began), signal);
        }
      });
    } catch (error) {
      if (signal.aborted) return;
      if (!memory.hasLooked || !isOutage(error)) throw error;
      screens.delay(`${error.message} ${error.detail ?? ""} Trying again.`);
      await rest(Math.min(options.interval, impatience), signal);
    }
  }
}

interface Look {
  readonly options: WatchOptions;
  readonly screens: Screens<SlowQueriesResult>;
  readonly memory: Memory;
}

/** Shows what has come to pass since the look before; the first one only remembers. */
async function look(database: Database, { options, screens, memory }: Look): Promise<void> {
  const facts = await readFacts(database);
  const now = await takeReading(database, facts.server);
  const before = memory.reading;
  memory.reading = typeof now === "string" ? undefined : now;
  const window = windowBetween(before, now);
  if (window === undefined) return;
  const observation = { ...facts, database, window, wasInterrupted: false };
  screens.show(await resultOf(observation, options));
}

/** Returns nothing where there is no reading of the same server before. */
function windowBetween(
  before: Reading | undefined,
  now: Reading | Problem,
): Window | Problem | undefined {
  if (typeof now === "string") return now;
  if (before === undefined) return undefined;
  try {
    return difference(before, now);
  } catch (error) {
    // A standby has taken over: what it counts is compared from here on.
    if (error instanceof CliError && error.code === "SERVER_CHANGED") return undefined;
    throw error;
  }
}

/** True for what passes when the server is there again. */
function isOutage(error: unknown): error is CliError {
  return (
    error instanceof CliError &&
    (error.code === "CONNECTION_LOST" || error.code === "CONNECTION_FAILED")
  );
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal }).catch(() => {});
}
