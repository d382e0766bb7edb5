import type { Database } from "../db/database.ts";
import { refused } from "./failure.ts";
import { backfillTarget } from "./queries.ts";
import type { State, Target } from "./rows.ts";
import type { Work } from "./backfill-work.ts";

/** Reads how the table can be walked through; throws BACKFILL_REFUSED. */
export async function readTarget(
  database: Database,
  { file, table, state }: Pick<Work, "file" | "table" | "state">,
): Promise<Target> {
  const given = {
    relation: table.name,
    key: file.key,
    after: state.done_to,
    until: state.last_key,
  };
  const [target] = await backfillTarget(database, given).catch((error: unknown) => {
    throw refused(error);
  });
  if (target === undefined) throw new Error("The query for the table returned no row.");
  return target;
}

/** True for a backfill that has done nothing yet, so that another statement changes nothing. */
export function isFresh({ name, batches }: State): boolean {
  return name === null || batches === 0;
}
