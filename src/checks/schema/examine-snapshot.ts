import type { Database } from "../../db/database.ts";
import type { Found } from "../results.ts";
import { readSchema } from "./read-schema.ts";
import { majorOf } from "./schema-text.ts";
import { shortened } from "./shorten-diff.ts";
import {
  compareSnapshot,
  readSnapshot,
  snapshotMajor,
  snapshotName,
  snapshotPath,
} from "./snapshot.ts";

/** What is wrong with the snapshot of a project, or why nobody can tell. */
export type Examined = { readonly found: readonly Found[] } | { readonly obstacle: string };

/** Compares the snapshot of a project, where there is one, with the database that all its files have made. */
export async function examineSnapshot(
  database: Database,
  project: string,
  serverVersion: number,
): Promise<Examined> {
  const file = readSnapshot(snapshotPath(project));
  if (file === undefined) return { obstacle: `the project has no ${snapshotName}` };
  const wanted = snapshotMajor(file);
  const major = String(majorOf(serverVersion));
  // Each version writes some objects otherwise. A file that does not say whose it is was not written by the tool.
  if (wanted !== undefined && wanted !== major)
    return { obstacle: `${snapshotName} is of PostgreSQL ${wanted}, and the server is ${major}` };
  const { state, diff } = compareSnapshot(file, await readSchema(database));
  return { found: state === "stale" ? [staleSnapshot(diff)] : [] };
}

function staleSnapshot(diff: string): Found {
  return {
    rule: "snapshot-stale",
    level: "error",
    message: `The snapshot is not what the files of the project make; "-" is the snapshot's.\n${shortened(diff, "snapshot-schema --check")}`,
    cure: 'Run "doramaflix-db snapshot-schema", read what has changed, and commit the file.',
    location: { file: snapshotName, line: firstLineOf(diff), column: 1 },
    object: null,
  };
}

/** The line of the file at which the first hunk begins. */
function firstLineOf(diff: string): number {
  return Math.max(1, Number(/^@@ -(\d+)/.exec(diff)?.[1]));
}
