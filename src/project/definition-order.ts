import { basename } from "node:path";
import type { DefinitionFile } from "./definition-file.ts";

/**
 * Orders files so that each comes after those that it needs. Materialized views come as early as that allows, because
 * they take long to build, and what is replaced in its place is locked from then on: before them the functions that need
 * none of them, after them the rest; otherwise by path, functions first.
 */
export function orderDefinitions(files: readonly DefinitionFile[]): DefinitionFile[] {
  const sorted = files.toSorted((a, b) => (a.source.path < b.source.path ? -1 : 1));
  const byName = new Map(files.map((file) => [basename(file.source.path, ".sql"), file]));
  const early = sorted.filter(
    (file) =>
      file.kind === "function" && !neededBy(file, byName).some((each) => each.isMaterialized),
  );
  const materialized = sorted.filter((file) => file.isMaterialized);
  return [
    ...new Set([...early, ...materialized, ...sorted].flatMap((file) => neededBy(file, byName))),
  ];
}

/** Returns a file after all that it needs, directly or through others. */
function neededBy(
  file: DefinitionFile,
  byName: ReadonlyMap<string, DefinitionFile>,
): readonly DefinitionFile[] {
  const ordered: DefinitionFile[] = [];
  const begun = new Set<DefinitionFile>();
  const place = (each: DefinitionFile): void => {
    // PostgreSQL allows no circle among what it checks; a name that only looks like one must not stop us.
    if (begun.has(each)) return;
    begun.add(each);
    for (const name of each.needs) {
      const needed = byName.get(name);
      if (needed !== undefined) place(needed);
    }
    ordered.push(each);
  };
  place(file);
  return ordered;
}
