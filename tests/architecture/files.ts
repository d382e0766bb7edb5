import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/core/package-root.ts";

/** Folders that git does not keep: its own, and those that .gitignore lists by name. */
const foreign = new Set([
  ".git",
  ...Array.from(textOf(".gitignore").matchAll(/^\/?([^/*\n]+)\/$/gm), ([, name = ""]) => name),
]);

/** Returns the paths of the repository's files below a folder, with slashes. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return foreign.has(entry.name) ? [] : filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Returns the text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(packageRoot, path), "utf8");
}
