import type { Context } from "../context.ts";
import { compareDefinitions } from "./ledger/definition-state.ts";
import { compareWithLedger, type ComparedMigration } from "./ledger/plan.ts";
import { readProject, type Project } from "../project/project.ts";
import type { LedgerRow } from "./rows.ts";
import type { StatusResult } from "./results.ts";
import { readState } from "./ledger/state.ts";

/** Compares the project with the database; changes nothing, needs no engine, and works on a standby. */
export async function status(
  { config, withDatabase }: Pick<Context, "config" | "withDatabase">,
  project: Project = readProject(config.project),
): Promise<StatusResult> {
  return withDatabase(async (database) => {
    const state = await readState(database);
    const compared = compareWithLedger(project.migrations, state.migrations, state.journal);
    return {
      database: state.facts.database,
      server: state.facts.version,
      engine: state.engine,
      environment: state.environment
        ? { name: state.environment.name, sameCluster: state.environment.same_cluster }
        : null,
      migrations: compared.map(describeMigration),
      definitions: compareDefinitions(project, state.definitions).map(
        ({ path, state: fileState, row }) => ({
          path,
          state: fileState,
          appliedAt: row?.applied_at.toISOString() ?? null,
        }),
      ),
    };
  });
}

function describeMigration(compared: ComparedMigration): StatusResult["migrations"][number] {
  const { version, state, file, row } = compared;
  const description = file?.description ?? row?.description ?? "";
  const renamedFrom = state === "renamed" ? (row?.version ?? null) : null;
  return { version, description, state, renamedFrom, ...whenApplied(row) };
}

function whenApplied(
  row: LedgerRow | undefined,
): Pick<StatusResult["migrations"][number], "appliedAt" | "duration" | "appliedBy"> {
  if (row === undefined) return { appliedAt: null, duration: null, appliedBy: null };
  const { applied_at: appliedAt, duration_ms: duration, applied_by: appliedBy } = row;
  return { appliedAt: appliedAt?.toISOString() ?? null, duration, appliedBy };
}

/** True when a run of `migrate` would change something or refuse to run. */
export function hasFindings({ migrations, definitions }: StatusResult): boolean {
  return (
    migrations.some(({ state }) => state !== "applied") ||
    definitions.some(({ state }) => state !== "current")
  );
}
