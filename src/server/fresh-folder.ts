import { mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { systemErrorCode } from "./failure.ts";

/**
 * Fills a folder under a temporary name beside its place and renames it at the end, so that whoever
 * sees the folder sees all of it. Of two commands that do so at the same time the first one's stays.
 */
export async function createFolder(
  folder: string,
  fill: (fresh: string) => Promise<void>,
): Promise<void> {
  removeAbandoned(folder);
  const fresh = mkdtempSync(`${folder}.new-`);
  try {
    await fill(fresh);
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!["ENOTEMPTY", "EEXIST"].includes(systemErrorCode(error) ?? "")) throw error;
  }
}

/** Ten minutes are some 400 times as long as filling a folder takes; what is older belongs to a command that was killed. */
const abandonedAfter = 10 * 60 * 1000;

function removeAbandoned(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.new-`)) continue;
    const path = join(dirname(folder), name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - changed > abandonedAfter) rmSync(path, { recursive: true, force: true });
  }
}
