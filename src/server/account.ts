import { lstatSync } from "node:fs";
import { getuid } from "node:process";

import { serverFailure } from "./failure.ts";
import { readIfPresent } from "./read-if-present.ts";

/** The account a server runs as, when it is not the one this process runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export function isRoot(): boolean {
  return getuid?.() === 0;
}

/** Returns the unprivileged account that runs root's servers, because PostgreSQL refuses to run as root. */
export function systemAccount(): Account {
  const lines = (readIfPresent("/etc/passwd") ?? "").split("\n");
  for (const name of ["postgres", "_postgres", "nobody"]) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw serverFailure("The embedded server cannot run as root.", {
    detail: 'There is neither an account "postgres" nor an account "nobody" to run it as.',
    hint: "Run this command as an ordinary user, or give the address of another server with --url or DATABASE_URL.",
  });
}

/** Returns who owns a folder; undefined where there is none, also for a symbolic link. */
export function folderOwner(folder: string): Account | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true ? { uid: stats.uid, gid: stats.gid } : undefined;
}
