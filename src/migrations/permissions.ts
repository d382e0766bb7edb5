import { CliError } from "../core/errors.ts";
import { placeInFile } from "../core/variables.ts";
import { locationAt } from "../core/source-text.ts";
import type { Database } from "../db/database.ts";
import type { CheckedMigration } from "../project/check-migration.ts";
import type { CheckedWork } from "./ledger/pending-work.ts";
import { readCatalog, type SetStatement } from "../statements/catalog.ts";
import { applyChanges } from "../statements/changes.ts";
import type { Scope } from "../statements/footprint.ts";
import { missingRights, type MissingRight } from "./preflight/needed-rights.ts";
import { withSettings } from "../statements/settings.ts";
import { textOf } from "../statements/syntax.ts";
import type { LedgerState } from "./ledger/state.ts";

/**
 * Refuses a run whose migrations need what the user may not do, before the first statement: one round trip, none for a
 * superuser. Says only what the catalog is sure of: what follows a SET ROLE or a GRANT, and what a statement calls, is left to
 * the server. Throws PERMISSION_MISSING with all that is missing. The SQL parser must be loaded if there are migrations.
 */
export async function requirePermissions(
  database: Database,
  { migrations }: CheckedWork,
  { facts, engine }: LedgerState,
): Promise<void> {
  if (facts.is_superuser || migrations.length === 0) return;
  const own = engine === "absent" ? [] : engineSteps;
  const steps = [...own, ...migrations.flatMap((migration) => stepsOf(migration))];
  const statements = steps.map(({ statement }) => statement);
  const catalog = await readCatalog(database, statements, facts.version_number);
  const last = statements.findIndex((statement) => changesRights(statement));
  const problems = steps.flatMap(({ statement, place, isOurs }, index) => {
    const { path, utc } = statement;
    const find: Scope["find"] = (name) => catalog.find(name, path);
    const isSure = isOurs && (last === -1 || index <= last);
    const missing = isSure ? missingRights(statement, { catalog, utc, find }, facts.user) : [];
    applyChanges(catalog, statement);
    return missing.map((each) => problemText(place, each));
  });
  if (problems.length > 0) throw permissionError([...new Set(problems)], facts);
}

/** A statement, and where an error is to say that it stands. */
interface Step {
  readonly statement: SetStatement;
  readonly place: string;
  /** False behind a SET ROLE: what another role may do is not known to this one. */
  readonly isOurs: boolean;
}

function stepsOf(migration: CheckedMigration): Step[] {
  const statements = withSettings(migration.statements);
  const other = statements.findIndex(
    ({ kind, tree }) =>
      kind === "VariableSetStmt" && /^(?:role|session_authorization)$/i.test(textOf(tree["name"])),
  );
  return statements.map((statement, index) => ({
    statement,
    place: placeOf(migration, statement.index),
    isOurs: other === -1 || index < other,
  }));
}

/** What each run writes into the ledger, as statements. */
const engineSteps: readonly Step[] = (
  [
    ["InsertStmt", "schema_migrations"],
    ["UpdateStmt", "schema_migrations"],
    ["InsertStmt", "migration_events"],
  ] as const
).map(([kind, relname]) => {
  const tree = { relation: { schemaname: "public", relname } };
  return { statement: { kind, tree, path: null, utc: true }, place: "the ledger", isOurs: true };
});

/** From there on the user may do something else than the catalog says now. */
function changesRights({ kind, tree }: SetStatement): boolean {
  return changers.has(kind) || JSON.stringify(tree["cmds"] ?? []).includes('"AT_ChangeOwner"');
}

const changers = new Set([
  "AlterOwnerStmt",
  "AlterRoleStmt",
  "CallStmt",
  "DoStmt",
  "GrantRoleStmt",
  "GrantStmt",
  "ReassignOwnedStmt",
]);

function placeOf({ source, up }: CheckedMigration, index: number): string {
  const { file, line } = locationAt(source, placeInFile(up, index));
  return `${file}:${line}`;
}

function problemText(place: string, { object, right, grant, owner }: MissingRight): string {
  if (right === "owner") return `${place}: ${object} belongs to "${owner}": connect as its owner.`;
  if (right === "superuser") return `${place}: only a superuser may create ${object}.`;
  return `${place}: ${right} on ${object} is missing: ${grant}`;
}

function permissionError(
  problems: readonly string[],
  { user, database }: LedgerState["facts"],
): CliError {
  return new CliError("PERMISSION_MISSING", {
    message: `User "${user}" may not do in database "${database}" what the pending migrations do.`,
    detail: problems.join("\n"),
    hint: "Nothing was run. Let the owner run the GRANTs, or connect as the owner.",
  });
}
