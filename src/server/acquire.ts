import { setTimeout as sleep } from "node:timers/promises";

import type { ServerConnection } from "../config/schema.ts";
import { CliError } from "../core/errors.ts";
import { databaseName, ensureCluster, roleName } from "./cluster.ts";
import { lastLines, serverFailure, systemErrorCode } from "./failure.ts";
import { host, launch } from "./launch.ts";
import { locatePlace, type Place, preparePlace } from "./place.ts";
import { findPostmaster, pollInterval, type Postmaster } from "./postmaster.ts";
import { waitForPostmaster } from "./postmaster.ts";
import { enter, type Presence } from "./presence.ts";
import { readIfPresent } from "./read-if-present.ts";
import { findPrograms, type Programs } from "./programs.ts";

/** A running server that does not stop before the presence ends. */
export interface Acquired {
  readonly place: Place;
  readonly postmaster: Postmaster;
  readonly connection: ServerConnection;
  readonly presence: Presence;
  /** Whether it ran before. */
  readonly found: boolean;
}

export interface AcquireOptions {
  /** Is told what takes long enough to be noticed. */
  readonly tell?: (text: string) => void;
}

/** How long, in milliseconds, a command waits for a server that another one stops or starts. */
const patience = 60_000;

/** Makes sure that the project's server runs, creating and starting it where necessary. */
export async function acquireServer(
  project: string,
  { tell }: AcquireOptions = {},
): Promise<Acquired> {
  const place = locatePlace(project);
  try {
    return await acquireIn(place, tell);
  } catch (error) {
    throw explainSystemError(place, error);
  }
}

async function acquireIn(place: Place, tell: AcquireOptions["tell"]): Promise<Acquired> {
  const running = await enterRunning(place);
  if (running !== undefined) return { ...running, place, found: true };
  preparePlace(place);
  const programs = await findPrograms(place);
  await ensureCluster(place, programs, () =>
    tell?.(`Creating the embedded PostgreSQL ${programs.major} server, once for this project.`),
  );
  return startAndEnter(place, programs);
}

/** Makes the address of the server; needs its password file, so only whoever may read that gets one. */
export function connectionTo(place: Place, { port }: Pick<Postmaster, "port">): ServerConnection {
  return {
    kind: "server",
    source: "embedded server",
    hosts: [{ host, port }],
    database: databaseName,
    user: roleName,
    password: readIfPresent(place.passwordFile),
    tls: false,
    connectTimeout: 10,
    options: undefined,
    targetSessionAttributes: "any",
  };
}

type Entered = Pick<Acquired, "postmaster" | "connection" | "presence">;

/** Enters again and again, for other commands may start and stop the server between any two steps. */
async function startAndEnter(place: Place, programs: Programs): Promise<Acquired> {
  const deadline = performance.now() + patience;
  let found = true;
  for (;;) {
    const entered = await enterRunning(place);
    if (entered !== undefined) return { ...entered, place, found };
    if (performance.now() > deadline) throw stillBusy(place);
    const outcome = await launch(place, programs);
    if (outcome === "port taken") throw noPort();
    if (outcome === "ready") found = false;
    else await sleep(pollInterval);
  }
}

/** Returns undefined if no server runs, after waiting for one that is just starting or stopping. */
async function enterRunning(place: Place): Promise<Entered | undefined> {
  const deadline = performance.now() + patience;
  while (await settles(place, deadline)) {
    const postmaster = findPostmaster(place.dataDirectory);
    if (postmaster === undefined) return undefined;
    const connection = connectionTo(place, postmaster);
    const presence = await enterUnlessGone(place, postmaster, connection);
    if (presence !== undefined) return { postmaster, connection, presence };
    await sleep(pollInterval);
  }
  throw stillBusy(place);
}

function settles({ dataDirectory }: Place, deadline: number): Promise<boolean> {
  return waitForPostmaster(dataDirectory, isSettled, deadline - performance.now());
}

function isSettled(seen: Postmaster | undefined): boolean {
  return seen === undefined || seen.status === "ready";
}

/** Returns undefined if the server began to stop or to recover before the presence could prevent it. */
async function enterUnlessGone(
  place: Place,
  postmaster: Postmaster,
  connection: ServerConnection,
): Promise<Presence | undefined> {
  const isUnchanged = (): boolean => {
    const seen = findPostmaster(place.dataDirectory);
    return seen?.pid === postmaster.pid && seen.status === "ready";
  };
  try {
    const presence = await enter(connection);
    if (isUnchanged()) return presence;
    await presence.end();
  } catch (error) {
    if (isUnchanged() && !isNotYetReady(error)) throw unreachable(place, error);
  }
  return undefined;
}

/**
 * After the crash of a backend the server ends all sessions, those that are just beginning without a word, and refuses
 * clients with this SQLSTATE while it recovers.
 */
function isNotYetReady(error: unknown): boolean {
  if (!(error instanceof CliError)) return false;
  return error.sqlState === "57P03" || systemErrorCode(error.cause) === "ECONNRESET";
}

/** A full disk or a missing permission is no bug of ours. */
function explainSystemError(place: Place, error: unknown): unknown {
  if (error instanceof CliError || systemErrorCode(error) === undefined) return error;
  return serverFailure("The embedded server's files could not be used.", {
    detail: error instanceof Error ? error.message : undefined,
    hint: `Check the folder "${place.folder}" and its permissions.`,
    cause: error,
  });
}

function unreachable(place: Place, cause: unknown): Error {
  return serverFailure("The embedded server runs, but accepts no session.", {
    detail: cause instanceof Error ? cause.message : String(cause),
    hint: `Its log is "${place.logFile}". "doramaflix-db server stop" stops it; the next command starts it again.`,
    cause,
  });
}

function stillBusy(place: Place): Error {
  const status = findPostmaster(place.dataDirectory)?.status ?? "stopped";
  return serverFailure(`The embedded server is still ${status} after ${patience / 1000} seconds.`, {
    detail: lastLines(readIfPresent(place.logFile) ?? ""),
    hint: 'A client that is still connected delays its end; "doramaflix-db server stop" ends such sessions.',
  });
}

function noPort(): Error {
  return serverFailure(`The embedded server found no free port on ${host}.`);
}
