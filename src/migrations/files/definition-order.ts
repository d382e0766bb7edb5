import { basename } from "node:path";
import type { DefinitionFile } from "./definition-file.ts";

/** Orders files so that each comes after those that it needs; otherwise by path, functions first. */
export function orderDefinitions(files: readonly DefinitionFile[]): DefinitionFile[] {
  const byName = new Map(files.map((file) => [basename(file.source.path, ".sql"), file]));
  const ordered = new Set<DefinitionFile>();
  const begun = new Set<DefinitionFile>();
  const place = (file: DefinitionFile): void => {
    // PostgreSQL allows no circle among what it checks; a name that only looks like one must not stop us.
    if (begun.has(file)) return;
    begun.add(file);
    for (const name of file.needs) {
      const needed = byName.get(name);
      if (needed !== undefined) place(needed);
    }
    ordered.add(file);
  };
  files.toSorted((a, b) => (a.source.path < b.source.path ? -1 : 1)).forEach(place);
  return [...ordered];
}
