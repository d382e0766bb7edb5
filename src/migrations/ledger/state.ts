import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { readTogether } from "../../db/sql-file.ts";
import { loadEngine } from "./engine.ts";
import {
  definitions,
  environment,
  installedEngine,
  journal,
  ledger,
  olderLedger,
  serverFacts,
} from "../queries.ts";
import type { DefinitionRow, EnvironmentRow, JournalRow, LedgerRow, ServerFacts } from "../rows.ts";

/** What a database records of its migrations, functions and views. */
export interface LedgerState {
  readonly facts: ServerFacts;
  readonly engine: "current" | "outdated" | "absent";
  readonly migrations: readonly LedgerRow[];
  readonly definitions: readonly DefinitionRow[];
  /** The statements of migrations that stopped half-way, in order. */
  readonly journal: readonly JournalRow[];
  /** Undefined where none is recorded, or where the user may not read it. */
  readonly environment: EnvironmentRow | undefined;
}

/**
 * Reads the ledger; a database without one has an empty ledger. Takes one round trip when there is no engine, or when
 * `before` tells that there is one; two when that is not known yet.
 */
export async function readState(database: Database, before?: LedgerState): Promise<LedgerState> {
  const state = await readStateOfAnyTool(database, before);
  // A caller that knows of another tool's table is about to move it away.
  if (before?.facts.ledger_is_foreign !== true) refuseForeign(state.facts);
  return state;
}

/** The same where the table schema_migrations may belong to another tool: it then counts as no ledger. */
export async function readStateOfAnyTool(
  database: Database,
  before?: LedgerState,
): Promise<LedgerState> {
  // Awaited together: one that fails while the other is awaited would end the process.
  const [[facts], recorded] = await Promise.all([
    serverFacts(database),
    before?.facts.has_engine === true ? readRecorded(database, before.facts) : undefined,
  ]);
  if (facts === undefined) throw new Error("The query for the server's facts returned no row.");
  refuseUnsupported(facts);
  if (facts.has_engine) return { facts, ...(recorded ?? (await readRecorded(database, facts))) };
  const hasOwnLedger = facts.has_ledger && !facts.ledger_is_foreign;
  const migrations = hasOwnLedger ? await olderLedger(database) : [];
  const none = { definitions: [], journal: [], environment: undefined };
  return { facts, engine: "absent", migrations, ...none };
}

async function readRecorded(
  database: Database,
  facts: ServerFacts,
): Promise<Omit<LedgerState, "facts">> {
  const [[engine], migrations, applied, statements, [recorded]] = await readTables(database, facts);
  const current = engine?.hash === loadEngine().hash;
  return {
    engine: current ? "current" : "outdated",
    migrations,
    definitions: applied,
    journal: statements,
    environment: recorded,
  };
}

type Recorded = readonly [
  ...Awaited<ReturnType<typeof readTogether<typeof basicTables>>>,
  readonly JournalRow[],
  readonly EnvironmentRow[],
];

const basicTables = [installedEngine, ledger, definitions] as const;

/** Older engines lack the other two tables, and not everybody may read them. */
async function readTables(
  database: Database,
  { has_journal: hasJournal, has_environment: hasEnvironment }: ServerFacts,
): Promise<Recorded> {
  if (hasJournal && hasEnvironment)
    return readTogether(database, [...basicTables, journal, environment]);
  const [basic, statements, recorded] = await Promise.all([
    readTogether(database, basicTables),
    hasJournal ? journal(database) : [],
    hasEnvironment ? environment(database) : [],
  ]);
  return [...basic, statements, recorded];
}

function refuseUnsupported({ version_number: number, version }: ServerFacts): void {
  if (number >= 150000) return;
  throw new CliError("SERVER_TOO_OLD", {
    message: `The server is PostgreSQL ${version}; doramaflix-db needs 15 or newer.`,
    hint: "Upgrade the server.",
  });
}

/** Refuses a table schema_migrations that is not ours. */
export function refuseForeign({ ledger_is_foreign: foreign, database }: ServerFacts): void {
  if (!foreign) return;
  throw new CliError("LEDGER_FOREIGN", {
    message: `Table "public.schema_migrations" of database "${database}" belongs to another tool.`,
    detail: "It lacks one of the columns version, description, applied_at and rollback_sql.",
    hint: 'Nothing was changed. "doramaflix-db import" takes over from dbmate and golang-migrate; otherwise use another database, or rename that table.',
  });
}

/** Refuses a role that could not create the engine's tables, before anything is tried. */
export function requireCreate({ can_create: canCreate, user, database }: ServerFacts): void {
  if (canCreate) return;
  throw new CliError("SERVER_REFUSED", {
    message: `User "${user}" may not create objects in schema "public" of database "${database}".`,
    detail: "The ledger and its functions live there.",
    hint: `Let its owner run: GRANT CREATE ON SCHEMA public TO "${user}"; or connect as another user.`,
  });
}
