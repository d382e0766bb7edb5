import type { Context } from "../../context.ts";
import type { Database } from "../../db/database.ts";
import { readProject } from "../../project/project.ts";
import { buildSchema, knownMajor, rolesScript } from "./build-schema.ts";
import { compareObjects } from "./compare-schemas.ts";
import { createdRoles } from "./created-roles.ts";
import { withRights } from "./explain-rights.ts";
import { siftDifferences } from "./ignore.ts";
import { appliedVersions, ddlEvents, roles } from "./queries.ts";
import { readSchema, type Schema } from "./read-schema.ts";
import type { DdlEventRow } from "./rows.ts";
import { majorOf } from "./schema-text.ts";
import type { DdlEvent, Difference, DriftResult } from "./results.ts";

export interface DriftInput {
  /** Patterns with * and ?, for objects that may differ. */
  readonly ignore?: readonly string[] | undefined;
}

export type DriftContext = Pick<Context, "config" | "withDatabase" | "withScratchServer">;

/** What is read of the live database. */
interface Live {
  readonly schema: Schema;
  readonly roles: readonly string[];
  readonly applied: readonly string[];
}

/**
 * Names what in the database is not as the files of the project make it. Builds what they make on a server of its own,
 * of the same major version, so that both servers write the same text for the same object. Leaves out what a pattern of
 * `ignore` names.
 */
export async function drift(
  context: DriftContext,
  { ignore = [] }: DriftInput,
): Promise<DriftResult> {
  const live = await context.withDatabase(async (database) => withRights(database, readLive));
  const { facts } = live.schema;
  const postgres = knownMajor(String(majorOf(facts.version_number)));
  const { project, variables } = context.config;
  const { migrations } = readProject(project);
  const created = await createdRoles({ migrations }, variables);
  const setup = rolesScript(live.roles.filter((name) => !created.has(name)));
  const expected = await buildSchema(context, { postgres, setup }, [facts.usual_owner]);
  const { differences, ignored } = siftDifferences(
    compareObjects(expected.objects, live.schema.objects),
    ignore,
  );
  const events = facts.has_ddl_events
    ? await context.withDatabase(async (database) =>
        withRights(database, async () => readEvents(database, differences)),
      )
    : [];
  return {
    database: facts.database,
    serverVersion: facts.version,
    expectedVersion: expected.facts.version,
    compared: expected.objects.length,
    differences: differences.map((each) => withEvents(each, events)),
    ignored,
    pending: migrations
      .map(({ version }) => version.name)
      .filter((name) => !live.applied.includes(name)),
    isRecorded: facts.records_ddl,
  };
}

async function readLive(database: Database): Promise<Live> {
  const schema = await readSchema(database);
  const applied = schema.facts.has_engine ? await appliedVersions(database) : [];
  return {
    schema,
    roles: (await roles(database)).map(({ name }) => name),
    applied: applied.map(({ version }) => version),
  };
}

async function readEvents(
  database: Database,
  differences: readonly Difference[],
): Promise<readonly DdlEventRow[]> {
  if (differences.length === 0) return [];
  return ddlEvents(database, { names: differences.flatMap(namesOf) });
}

/** The server names the table where a constraint, a default or a right on it was changed. */
function namesOf({ name, relation }: Difference): string[] {
  return relation === null ? [name] : [name, relation];
}

function withEvents(
  difference: Difference,
  rows: readonly DdlEventRow[],
): DriftResult["differences"][number] {
  return { ...difference, events: eventsOf(difference, rows) };
}

/** The newest statements on an object, or where there is none of its own on the table to which it belongs. */
function eventsOf(difference: Difference, rows: readonly DdlEventRow[]): DdlEvent[] {
  const [name, relation] = namesOf(difference);
  const own = rows.filter(({ object }) => object === name);
  const chosen = own.length > 0 ? own : rows.filter(({ object }) => object === relation);
  return chosen.map(({ occurred_at: at, command, user, application, address }) => ({
    at: at.toISOString(),
    command,
    user,
    application,
    address,
  }));
}

/** True when the database is not as the files make it. */
export function hasDrift({ differences }: DriftResult): boolean {
  return differences.length > 0;
}
