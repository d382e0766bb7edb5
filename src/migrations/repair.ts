import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { Expectations } from "../config/schema.ts";
import { CliError } from "../core/errors.ts";
import { loadSqlParser } from "../core/sql-parser.ts";
import type { Database } from "../db/database.ts";
import { requirePrimary } from "../db/primary.ts";
import type { View } from "../output/output.ts";
import { installEngine } from "./ledger/engine.ts";
import { refuseDatabase, refuseUnexpected } from "./ledger/expectations.ts";
import { lockMigrations, type LockedState } from "./run/lock.ts";
import { compareWithLedger } from "./ledger/plan.ts";
import { readProject, type Project } from "../project/project.ts";
import { recordedStatements } from "./queries.ts";
import {
  planRepairs,
  type PlannedRepair,
  type RepairChoice,
  type RepairPlan,
} from "./repair-plan.ts";
import type { RepairResult } from "./results.ts";
import { defaultRunOptions } from "./run/run-options.ts";
import { runSettings } from "./run/run-settings.ts";
import { readState, requireCreate, type LedgerState } from "./ledger/state.ts";

export interface RepairInput extends RepairChoice {
  readonly dryRun: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  /** Shows what differs before anything is done. */
  readonly view: View<RepairResult>;
}

/**
 * Shows how the ledger and the files differ, then records what was decided in one transaction, under the migration
 * lock. What changes between the question and the lock is left for another run.
 */
export async function repair(
  { config, output, withDatabase }: Context,
  { dryRun, yes, view, ...choice }: RepairInput,
): Promise<RepairResult> {
  const project = readProject(config.project);
  await loadSqlParser();
  return withDatabase(async (database) => {
    const planning = { database, project, choice, expected: config.expected };
    const before = await readState(database);
    requirePrimary(before.facts);
    const planned = await plan(planning, before);
    const { database: name } = before.facts;
    if (dryRun || isEmpty(planned)) return resultOf(planned, { database: name, dryRun });
    if (before.engine === "absent") requireCreate(before.facts);
    output.preview(resultOf(planned, { database: name, dryRun: true }), view);
    await output.confirm(`Record this in database "${name}"?`, { yes });
    const state = await lockMigrations({ database, output }, before);
    if (state.engine !== "current") await installEngine(database);
    const agreed = new Set(planned.repairs.map((each) => JSON.stringify(each)));
    const now = await plan(planning, state);
    const repairs = now.repairs.filter((each) => agreed.has(JSON.stringify(each)));
    for (const { file } of repairs) if (file) await writeMissingFile(config.project, file);
    await record(database, state, { ...now, repairs });
    return resultOf({ ...now, repairs }, { database: name, dryRun });
  });
}

interface Planning {
  readonly database: Database;
  readonly project: Project;
  readonly choice: RepairChoice;
  readonly expected: Expectations;
}

interface Planned extends RepairPlan {
  readonly environment: RepairResult["environment"];
}

async function plan(
  { database, project, choice, expected }: Planning,
  state: LedgerState,
): Promise<Planned> {
  if (choice.recordEnvironment) refuseDatabase(state.facts.database, expected);
  else refuseUnexpected(state, expected, { mayBeNew: false });
  const recorded = state.engine === "absent" ? [] : await recordedStatements(database);
  const upSql = new Map(recorded.map((row) => [row.version, row.up_sql]));
  const compared = compareWithLedger(project.migrations, state.migrations).map(
    ({ version, state: fileState, file, row }) => ({
      version,
      state: fileState,
      file,
      row,
      upSql: upSql.get(row?.version ?? "") ?? null,
    }),
  );
  const environment = choice.recordEnvironment ? environmentToRecord(state, expected) : null;
  return { ...planRepairs(compared, choice), environment };
}

/** Null where the environment is recorded as it is to be, on this cluster. */
function environmentToRecord(
  { environment: recorded }: LedgerState,
  { environment: name = "" }: Expectations,
): Planned["environment"] {
  if (recorded?.name === name && recorded.same_cluster !== false) return null;
  return { name, before: recorded?.name ?? null };
}

function isEmpty({ repairs, environment }: Planned): boolean {
  return repairs.length === 0 && environment === null;
}

function resultOf(
  { repairs, missing, environment }: Planned,
  run: Pick<RepairResult, "database" | "dryRun">,
): RepairResult {
  return { ...run, repairs: repairs.map(({ shown }) => shown), environment, missing };
}

/** Never writes over a file: one that is there now was not missing after all. */
async function writeMissingFile(
  project: string,
  { path, text }: NonNullable<PlannedRepair["file"]>,
): Promise<void> {
  try {
    await mkdir(join(project, "migrations"), { recursive: true });
    await writeFile(join(project, path), text, { flag: "wx" });
  } catch (cause) {
    throw new CliError("PROJECT_NOT_FOUND", {
      message: `Cannot write the file "${path}".`,
      detail: (cause as Error).message,
      hint: "Make its folder one that you may write into; nothing was recorded.",
      cause,
    });
  }
}

/** One statement, so that it is one transaction. */
async function record(
  database: Database,
  state: LockedState,
  { repairs, environment }: Pick<Planned, "repairs" | "environment">,
): Promise<void> {
  await database.query("select public.set_session($1)", [
    runSettings({ options: defaultRunOptions, ...state }),
  ]);
  await database.query(
    `select public.repair_migrations($1),
       case when $2::text is not null then public.record_environment($2, anew => true) end`,
    [
      repairs.map(({ shown, replacement }) => ({ version: shown.recordedAs, replacement })),
      environment?.name ?? null,
    ],
  );
}
