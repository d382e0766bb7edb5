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

/** A watch; what changes is kept from one look to the next, also over a restart of the server. */
interface Watching {
  readonly options: WatchOptions;
  readonly screens: Screens<SlowQueriesResult>;
  /** Aborted when the watch is to end. */
  readonly signal: AbortSignal;
  reading: Reading | undefined;
  hasLooked: boolean;
}

/** The first result is not waited for longer, in milliseconds; nor is a server that has gone away. */
const impatience = 1000;

/** How long a server may take to answer before that is said, in milliseconds. */
const patience = 5000;

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
  const watching: Watching = { options, screens, signal, reading: undefined, hasLooked: false };
  while (!signal.aborted) {
    try {
      await context.withDatabase(async (database) => lookOn(database, watching));
    } catch (error) {
      if (signal.aborted) return;
      if (!watching.hasLooked || !isOutage(error)) throw error;
      screens.delay(`Trying again: ${error.message} ${error.detail ?? ""}`);
      await rest(Math.min(options.interval, impatience), signal);
    }
  }
}

async function lookOn(database: Database, watching: Watching): Promise<void> {
  const { options, screens, signal } = watching;
  await checkNames(database, options);
  while (!signal.aborted) {
    const began = performance.now();
    const late = setTimeout(() => {
      screens.delay("The server has not answered for a while.");
    }, options.interval + patience);
    await look(database, watching).finally(() => {
      clearTimeout(late);
    });
    const pause = watching.hasLooked ? options.interval : Math.min(options.interval, impatience);
    watching.hasLooked = true;
    await rest(pause - (performance.now() - began), signal);
  }
}

/** Shows what has come to pass since the look before; the first one only remembers. */
async function look(database: Database, watching: Watching): Promise<void> {
  const { options, screens, reading: before } = watching;
  const facts = await readFacts(database);
  const now = await takeReading(database, facts.server);
  watching.reading = typeof now === "string" ? undefined : now;
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

/** True for what passes: there is no server, or it has no time, no memory or no room. */
function isOutage(error: unknown): error is CliError {
  if (!(error instanceof CliError)) return false;
  const { code, sqlState = "" } = error;
  return (
    code === "CONNECTION_LOST" || code === "CONNECTION_FAILED" || /^(?:57014|53...)$/.test(sqlState)
  );
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, milliseconds), undefined, { signal }).catch(() => {});
}
