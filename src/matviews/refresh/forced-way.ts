import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { failureLines } from "../../output/failure-lines.ts";
import type { Failure } from "../../output/results.ts";
import { shortName } from "../../output/units.ts";
import { candidateKeys, ways } from "../queries.ts";
import type { ViewRow } from "../rows.ts";
import type { RefreshInput } from "./input.ts";

/** Returns why a view cannot be refreshed in the way that is asked for, or undefined; without data any way will do. */
export async function forcedWayFailure(
  database: Database,
  { view, is_populated: isPopulated }: ViewRow,
  mode: RefreshInput["mode"],
): Promise<Failure | undefined> {
  if (!isPopulated || mode === "auto" || mode === "plain") return undefined;
  const [found] = await ways(database, [view]);
  if (found === undefined) return undefined;
  const { swap_obstacles: obstacles, concurrent_index: index } = found;
  if (mode === "swap") {
    return obstacles.length === 0
      ? undefined
      : {
          message: `"${shortName(view)}" cannot be refreshed by a swap.`,
          detail: obstacles.join("\n"),
          hint: "Refresh it without --swap: then the best way that is left is taken.",
          sqlState: null,
        };
  }
  return index === null ? noUniqueIndex(database, view) : undefined;
}

async function noUniqueIndex(database: Database, view: string): Promise<Failure> {
  const [key] = await candidateKeys(database, [view]);
  return {
    message: `"${shortName(view)}" cannot be refreshed concurrently.`,
    detail: "It has no unique index on columns alone and over all rows.",
    hint:
      key === undefined
        ? `Create one on columns that are unique together: CREATE UNIQUE INDEX CONCURRENTLY ON ${view} (…);`
        : `If this finds nothing: ${key.duplicates_query}\nthen create one: ${key.index_statement}`,
    sqlState: null,
  };
}

/** Refuses the whole run where a view that was named cannot be refreshed in the way that is asked for. */
export async function refuseImpossible(
  database: Database,
  named: readonly ViewRow[],
  mode: RefreshInput["mode"],
): Promise<void> {
  const found = await Promise.all(
    named.map(async (view) => forcedWayFailure(database, view, mode)),
  );
  const failures = found.filter((failure) => failure !== undefined);
  const [first, ...others] = failures;
  if (first === undefined) return;
  throw new CliError("REFRESH_IMPOSSIBLE", {
    message: first.message,
    detail: [first.detail, ...others.flatMap(failureLines)]
      .filter((line) => line !== null)
      .join("\n"),
    hint: first.hint ?? undefined,
  });
}
