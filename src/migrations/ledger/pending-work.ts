import { loadSqlParser } from "../../core/sql-parser.ts";
import { checkMigrations, type CheckedMigration } from "../../project/check-migration.ts";
import { parseDefinitionFile, type DefinitionFile } from "../../project/definition-file.ts";
import { orderDefinitions } from "../../project/definition-order.ts";
import { compareDefinitions } from "./definition-state.ts";
import type { Variables } from "../../project/fill-variables.ts";
import type { MigrationFile } from "../../project/migration-file.ts";
import { pendingMigrations, refuseHalfWay, type PendingOptions } from "./pending-migrations.ts";
import { compareWithLedger } from "./plan.ts";
import type { Project } from "../../project/project.ts";
import type { LedgerState } from "./state.ts";

/** What a run has to do, by comparison of the files with the ledger. */
export interface Work {
  readonly migrations: readonly MigrationFile[];
  /** Paths of functions/ and views/ that are not current; none while migrations stay pending behind the last one. */
  readonly outdated: ReadonlySet<string>;
  /** How many migrations lie behind the last one, and how many files wait for them. */
  readonly left: { readonly migrations: number; readonly definitions: number };
}

/** The same, parsed and found fit to run. */
export interface CheckedWork {
  readonly migrations: readonly CheckedMigration[];
  /** In the order in which they are applied; all of them, because a migration may drop any. */
  readonly definitions: readonly DefinitionFile[];
}

/** Compares, and throws when files and ledger disagree. */
export function findWork(project: Project, state: LedgerState, options: PendingOptions): Work {
  const compared = compareWithLedger(project.migrations, state.migrations, state.journal);
  refuseHalfWay(compared, state.journal);
  const migrations = pendingMigrations(compared, options);
  const pending = compared.filter(({ row }) => row === undefined);
  const changed = compareDefinitions(project, state.definitions).filter(
    (each) => each.state !== "current" && each.state !== "file missing",
  );
  const complete = pending.length === migrations.length;
  return {
    migrations,
    outdated: new Set(complete ? changed.map(({ path }) => path) : []),
    left: {
      migrations: pending.length - migrations.length,
      definitions: complete ? 0 : changed.length,
    },
  };
}

export function isSameWork(one: Work, other: Work): boolean {
  const namesOf = ({ migrations, outdated }: Work): string =>
    [...migrations.map(({ version }) => version.name), ...outdated].join("\n");
  return namesOf(one) === namesOf(other);
}

/** Parses everything that will run, before any of it runs; throws with the place of what cannot. */
export async function checkWork(
  project: Project,
  { migrations, outdated }: Work,
  variables: Variables,
): Promise<CheckedWork> {
  if (migrations.length === 0 && outdated.size === 0) return { migrations: [], definitions: [] };
  await loadSqlParser();
  const checked = checkMigrations(migrations, variables);
  const definitions = orderDefinitions([
    ...project.functions.map((source) => parseDefinitionFile(source, "function")),
    ...project.views.map((source) => parseDefinitionFile(source, "view")),
  ]);
  return { migrations: checked, definitions: outdated.size === 0 ? [] : definitions };
}
