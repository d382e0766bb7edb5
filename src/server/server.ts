import { existsSync, rmSync } from "node:fs";

import type { ServerConnection } from "../config/schema.ts";
import { acquireServer, type AcquireOptions, connectionTo } from "./acquire.ts";
import { databaseName, roleName } from "./cluster.ts";
import { serverFailure } from "./failure.ts";
import { host } from "./launch.ts";
import { locatePlace, type Place } from "./place.ts";
import { askToStop, findPostmaster, type Postmaster, waitForPostmaster } from "./postmaster.ts";
import { writePrivateFile } from "./private-file.ts";
import { installedVersion } from "./programs.ts";
import { releaseServer } from "./release.ts";
import type { ServerStarted, ServerStatus, ServerStopped, ServerUrl } from "./results.ts";

/** How long, in milliseconds, a fast stop may take: it has to write all changed pages to disk. */
const stopPatience = 60_000;

/**
 * Runs something on the project's embedded server, which is created and started if necessary. It is
 * stopped afterwards, unless "server start" asked to keep it, or another client is connected.
 */
export async function withEmbeddedServer<Result>(
  project: string,
  run: (connection: ServerConnection) => Promise<Result>,
  options: AcquireOptions = {},
): Promise<Result> {
  const acquired = await acquireServer(project, options);
  try {
    return await run(acquired.connection);
  } finally {
    await releaseServer(acquired);
  }
}

/** Starts the server, and keeps it running until it is stopped. */
export async function startServer(
  project: string,
  options: AcquireOptions = {},
): Promise<ServerStarted> {
  const acquired = await acquireServer(project, options);
  try {
    writePrivateFile(acquired.place.keepFile, "", acquired.place.owner);
    return { ...(await describe(acquired.place)), alreadyRunning: acquired.found };
  } finally {
    await releaseServer(acquired);
  }
}

/** Stops the server, ending the sessions of its clients; their open transactions are rolled back. */
export async function stopServer(project: string): Promise<ServerStopped> {
  const place = locatePlace(project);
  rmSync(place.keepFile, { force: true });
  // PostgreSQL 18.4 that is told to stop while it recovers can wait for ever when it has recovered.
  await waitForPostmaster(place.dataDirectory, hasStarted, stopPatience);
  const running = findPostmaster(place.dataDirectory);
  if (running !== undefined) await stopFast(place, running);
  return { ...(await describe(place)), wasRunning: running !== undefined };
}

function hasStarted(seen: Postmaster | undefined): boolean {
  return seen?.status !== "starting";
}

/** An immediate stop loses nothing that was committed: the next start recovers it. */
async function stopFast(place: Place, running: Postmaster): Promise<void> {
  const isGone = (seen: Postmaster | undefined): boolean => seen?.pid !== running.pid;
  for (const mode of ["fast", "immediate"] as const) {
    askToStop(running, mode);
    if (await waitForPostmaster(place.dataDirectory, isGone, stopPatience / 2)) return;
  }
  throw serverFailure(`The embedded server did not stop within ${stopPatience / 1000} seconds.`, {
    hint: `Its log, "${place.logFile}", tells what it is doing; it stops when it has done that.`,
  });
}

/** Returns what can be known about the server without starting or creating it. */
export function serverStatus(project: string): Promise<ServerStatus> {
  return describe(locatePlace(project));
}

/** Returns the address of the running server, password included. */
export function serverUrl(project: string): ServerUrl {
  const place = locatePlace(project);
  const running = findPostmaster(place.dataDirectory);
  if (running?.status !== "ready") {
    throw serverFailure("The embedded server is not running.", {
      hint: 'Start it with "doramaflix-db server start"; it then runs until "doramaflix-db server stop".',
    });
  }
  const { password } = connectionTo(place, running);
  if (password === undefined) {
    throw serverFailure(`The password file "${place.passwordFile}" is missing.`, {
      hint: "Restore it from a backup.",
    });
  }
  return { url: urlOf(running, `${roleName}:${password}`) };
}

async function describe(place: Place): Promise<ServerStatus> {
  const running = findPostmaster(place.dataDirectory);
  return {
    running: running !== undefined,
    keptRunning: running !== undefined && existsSync(place.keepFile),
    created: existsSync(place.dataDirectory),
    pid: running?.pid ?? null,
    port: running?.port ?? null,
    url: running === undefined ? null : urlOf(running, roleName),
    version: await installedVersion(),
    dataDirectory: place.dataDirectory,
    logFile: place.logFile,
  };
}

/** Neither the role's name nor the password needs escaping. */
function urlOf({ port }: Postmaster, user: string): string {
  return `postgresql://${user}@${host}:${port}/${databaseName}`;
}
