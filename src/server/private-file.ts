import { randomBytes } from "node:crypto";
import { closeSync, constants, fchownSync, fstatSync, openSync } from "node:fs";
import { readFileSync, renameSync, writeSync } from "node:fs";

import type { Account } from "./account.ts";

/**
 * Writes a small file that only its owner can read (undefined: this process's account), replacing the
 * former one in one step. It never follows a link, for root may write into another account's folder.
 */
export function writePrivateFile(file: string, text: string, owner: Account | undefined): void {
  const fresh = `${file}.${randomBytes(6).toString("hex")}`;
  const descriptor = openSync(fresh, "wx", 0o600);
  try {
    if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
  renameSync(fresh, file);
}

/** One start and stop writes 0.8 kB, so this holds some 6,000 of them; one older file of that size is kept. */
const logLimit = 5 * 1024 * 1024;

/** A log that is open for appending, and where its new part begins. */
export interface OpenLog {
  readonly descriptor: number;
  readonly offset: number;
}

/** Opens the server's log for appending; a long one is put aside first. */
export function openLog(file: string, owner: Account | undefined): OpenLog {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const descriptor = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
  const { size } = fstatSync(descriptor);
  if (size < logLimit) return { descriptor, offset: size };
  closeSync(descriptor);
  renameSync(file, `${file}.old`);
  return openLog(file, owner);
}

/** Returns what was appended to the log since `offset`. */
export function readLogSince(file: string, offset: number): string {
  return readFileSync(file).subarray(offset).toString("utf8");
}
