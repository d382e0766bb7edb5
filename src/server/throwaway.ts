import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pid as ownPid } from "node:process";

import type { ServerConnection } from "../config/schema.ts";
import { connectionTo } from "./acquire.ts";
import { createCluster } from "./cluster.ts";
import { lastLines, serverFailure, systemErrorCode } from "./failure.ts";
import { programsOf } from "./fetch-programs.ts";
import { launch } from "./launch.ts";
import { locatePlace, type Place } from "./place.ts";
import { askToStop, findPostmaster, isAlive, waitForPostmaster } from "./postmaster.ts";
import { readIfPresent } from "./read-if-present.ts";
import type { PostgresMajor } from "./versions.ts";

export interface ThrowawayOptions {
  /** Undefined: the version that is installed with the toolkit. */
  readonly major: PostgresMajor | undefined;
  /** Is told what takes long enough to be noticed. */
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A server that serves this process alone and keeps nothing. */
export interface ThrowawayServer {
  /** Of its database "postgres", as a superuser. */
  readonly connection: ServerConnection;
  /** Such as "18.4". */
  readonly version: string;
}

/** Nothing on it outlives the process, so nothing has to reach the disk; and no worker is to hold locks meanwhile. */
const settings = `
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_wal_size = '4GB'
`;

const prefix = "doramaflix-db-check-";

/** Runs something on a new server, and removes the server with all its files whatever happens. */
export async function withThrowawayServer<Result>(
  project: string,
  options: ThrowawayOptions,
  run: (server: ThrowawayServer) => Promise<Result>,
): Promise<Result> {
  removeAbandoned();
  const place = placeIn(mkdtempSync(join(tmpdir(), `${prefix}${ownPid}-`)), locatePlace(project));
  const remove = (): void => {
    removeServer(place);
  };
  // A second Ctrl-C ends the process without waiting for anything.
  process.once("exit", remove);
  try {
    return await run(await start(place, options));
  } finally {
    await stop(place);
    remove();
    process.off("exit", remove);
  }
}

function placeIn(folder: string, ofProject: Place): Place {
  return {
    ...ofProject,
    folder,
    dataDirectory: join(folder, "data"),
    logFile: join(folder, "server.log"),
    passwordFile: join(folder, "password"),
    portFile: join(folder, "port"),
  };
}

async function start(place: Place, options: ThrowawayOptions): Promise<ThrowawayServer> {
  const programs = await programsOf(place, options);
  options.signal.throwIfAborted();
  await createCluster(place, programs, ["--no-sync"]);
  appendFileSync(join(place.dataDirectory, "postgresql.conf"), settings);
  options.signal.throwIfAborted();
  const outcome = await launch(place, programs);
  const running = findPostmaster(place.dataDirectory);
  if (outcome !== "ready" || running === undefined) {
    throw serverFailure("The throw-away server did not start.", {
      detail: lastLines(readIfPresent(place.logFile) ?? ""),
    });
  }
  const connection = connectionTo(place, running);
  return {
    connection: { ...connection, source: "throw-away server", database: "postgres" },
    version: programs.version,
  };
}

/** How long, in milliseconds, the end of its processes is waited for before its files go. */
const stopPatience = 10_000;

async function stop({ dataDirectory }: Place): Promise<void> {
  const running = findPostmaster(dataDirectory);
  if (running === undefined) return;
  askToStop(running, "immediate");
  await waitForPostmaster(dataDirectory, (seen) => seen === undefined, stopPatience);
}

function removeServer({ folder, dataDirectory }: Pick<Place, "folder" | "dataDirectory">): void {
  const running = findPostmaster(dataDirectory);
  if (running !== undefined) askToStop(running, "immediate");
  // The server's last processes may write while its files go.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** What a process that was killed left behind; the age keeps off those of a container, whose processes are not seen here. */
const abandonedAfter = 60 * 60 * 1000;

function removeAbandoned(): void {
  for (const folder of readdirSync(tmpdir()).filter(isOfDeadProcess)) {
    const path = join(tmpdir(), folder);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changed > abandonedAfter) removeIfOurs(path);
  }
}

function isOfDeadProcess(name: string): boolean {
  const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN;
  return !Number.isNaN(owner) && !isAlive(owner);
}

function removeIfOurs(folder: string): void {
  try {
    removeServer({ folder, dataDirectory: join(folder, "data") });
  } catch (error) {
    // It belongs to another user.
    if (!["EACCES", "EPERM"].includes(systemErrorCode(error) ?? "")) throw error;
  }
}
