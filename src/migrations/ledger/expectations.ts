import type { Expectations } from "../../config/schema.ts";
import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { formatMoment } from "../../output/units.ts";
import { environment } from "../queries.ts";
import type { EnvironmentRow } from "../rows.ts";
import type { LedgerState } from "./state.ts";

/** The options of the commands that change something; the configuration reads their values. */
export const expectDatabaseOption = [
  "--expect-database <name>",
  "change nothing unless the database has this name",
] as const;
export const environmentOption = [
  "--environment <name>",
  "change nothing unless the database is of this environment (or DORAMAFLIX_DB_ENVIRONMENT)",
] as const;

type Known = Pick<LedgerState, "facts" | "environment">;

/** Refuses a database of another name or environment. One of which no environment is recorded passes if `mayBeNew`. */
export function refuseUnexpected(
  { facts: { database }, environment: recorded }: Known,
  expected: Expectations,
  { mayBeNew }: { readonly mayBeNew: boolean },
): void {
  refuseDatabase(database, expected);
  if (expected.environment === undefined || (recorded === undefined && mayBeNew)) return;
  if (recorded === undefined) throw unrecorded(database, expected.environment);
  refuseEnvironment(database, recorded, expected.environment);
}

/** Refuses a database of another name. */
export function refuseDatabase(database: string, expected: Expectations): void {
  if (expected.database === undefined || expected.database === database) return;
  throw new CliError("DATABASE_UNEXPECTED", {
    message: `The database is "${database}", and "--expect-database" says "${expected.database}".`,
    hint: "Nothing was changed. Correct the address of the database, or the option.",
  });
}

function unrecorded(database: string, expected: string): CliError {
  return new CliError("ENVIRONMENT_UNEXPECTED", {
    message: `Database "${database}" has no environment, and "${expected}" is expected.`,
    hint: `Nothing was changed. To record that it is "${expected}": doramaflix-db repair --environment ${expected}`,
  });
}

function refuseEnvironment(database: string, recorded: EnvironmentRow, expected: string): void {
  const { name, same_cluster: sameCluster, recorded_at: at, recorded_by: by } = recorded;
  const since = `Recorded by "${by}" at ${formatMoment(at.toISOString())} UTC.`;
  if (name !== expected) {
    throw new CliError("ENVIRONMENT_UNEXPECTED", {
      message: `Database "${database}" is of environment "${name}", and "${expected}" is expected.`,
      detail: since,
      hint: `Nothing was changed. Connect to the right one; or, if this one is "${expected}" from now on: doramaflix-db repair --environment ${expected}`,
    });
  }
  if (sameCluster !== false) return;
  throw new CliError("ENVIRONMENT_UNEXPECTED", {
    message: `Database "${database}" says that it is of environment "${name}", and that was recorded on another server.`,
    detail: `Most likely it is a copy, restored from a dump. ${since}`,
    hint: `Nothing was changed. Record what this one is: doramaflix-db repair --environment NAME, with "${name}" if it has moved here.`,
  });
}

/** True where the environment is given and the database has none yet. */
export function recordsEnvironment(state: Known, expected: Expectations): boolean {
  return expected.environment !== undefined && state.environment === undefined;
}

/** Records the environment where there is none; the engine is installed. Throws where another run was first with another. */
export async function recordEnvironment(
  database: Database,
  state: Known,
  expected: Expectations,
): Promise<void> {
  if (!recordsEnvironment(state, expected)) return;
  await database.query("select public.record_environment($1)", [expected.environment ?? ""]);
  const [recorded] = await environment(database);
  refuseUnexpected({ ...state, environment: recorded }, expected, { mayBeNew: false });
}
