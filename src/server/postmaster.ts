import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kill, platform } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";

import { readIfPresent } from "./read-if-present.ts";
import { systemErrorCode } from "./failure.ts";

/** What the server's own lock file says about it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: "starting" | "ready" | "stopping";
}

/** Milliseconds. Short beside the 50 ms that a start takes, long beside the 20 µs of one look. */
export const pollInterval = 10;

/** Returns the server that runs on the data directory; undefined if none does, whatever a leftover lock file says. */
export function findPostmaster(dataDirectory: string): Postmaster | undefined {
  const written = readLockFile(dataDirectory);
  return written !== undefined && runsOn(written.pid, dataDirectory) ? written : undefined;
}

/** Looks until `accept` is content with what it sees; says whether that came within `limit` milliseconds. */
export async function waitForPostmaster(
  dataDirectory: string,
  accept: (postmaster: Postmaster | undefined) => boolean,
  limit: number,
): Promise<boolean> {
  const deadline = performance.now() + limit;
  while (!accept(findPostmaster(dataDirectory))) {
    if (performance.now() > deadline) return false;
    await sleep(pollInterval);
  }
  return true;
}

const stopSignals = { smart: "SIGTERM", fast: "SIGINT", immediate: "SIGQUIT" } as const;

/**
 * Asks the server to stop: "smart" lets connected clients finish, "fast" ends their sessions,
 * "immediate" does not write changed pages to disk either. Does not wait.
 */
export function askToStop(postmaster: Postmaster, mode: keyof typeof stopSignals): void {
  try {
    kill(postmaster.pid, stopSignals[mode]);
  } catch (error) {
    if (systemErrorCode(error) !== "ESRCH") throw error;
  }
}

/**
 * Removes a lock file whose process number has gone to another process since the server was killed;
 * PostgreSQL would refuse to start because of it. Should a server be alive all the same, its shared
 * memory keeps a second one from starting.
 */
export function removeStaleLockFile(dataDirectory: string): void {
  const stale = readLockFile(dataDirectory);
  if (stale === undefined || runsOn(stale.pid, dataDirectory) || !isAlive(stale.pid)) return;
  const file = lockFile(dataDirectory);
  const aside = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return;
    throw error;
  }
  // Another command may have started the server between the look and the rename.
  if (parseLockFile(readFileSync(aside, "utf8"))?.pid !== stale.pid) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function lockFile(dataDirectory: string): string {
  return join(dataDirectory, "postmaster.pid");
}

function readLockFile(dataDirectory: string): Postmaster | undefined {
  const text = readIfPresent(lockFile(dataDirectory));
  return text === undefined ? undefined : parseLockFile(text);
}

function parseLockFile(text: string): Postmaster | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const status = lines[7];
  return {
    pid,
    port: Number(lines[3]),
    status: status === "ready" || status === "stopping" ? status : "starting",
  };
}

/**
 * Says whether the process is a server on this data directory. Its command line is readable for
 * everybody; its working folder is not for root in a container without CAP_SYS_PTRACE, but tells
 * of a server that was started by hand with a relative path.
 */
function runsOn(pid: number, dataDirectory: string): boolean {
  if (platform !== "linux") return commandLine(pid).includes(dataDirectory);
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return args.includes(dataDirectory) || readlinkSync(`/proc/${pid}/cwd`) === dataDirectory;
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    const args = ["-ww", "-o", "command=", "-p", String(pid)];
    return execFileSync("/bin/ps", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // ps fails when there is no such process.
    return "";
  }
}

/** Says whether there is such a process, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === "EPERM";
  }
}
