import type { Context } from "../context.ts";
import { sqlFilesIn } from "../core/sql-files.ts";
import type { Database } from "../db/database.ts";
import { requirePrimary } from "../db/primary.ts";
import { convertFolder, type Converted, type ConvertedFile } from "./import/convert.ts";
import {
  findHistoryTable,
  isInTheWay,
  nameAfterImport,
  type Wanted,
} from "./import/history-table.ts";
import type { TakenOver } from "./import/match-history.ts";
import { versionsOf } from "./import/number-files.ts";
import { readTakenOver, takeOver } from "./import/take-over.ts";
import type { ToolName } from "./import/tool.ts";
import { tools } from "./import/tools.ts";
import { filesToWrite, writeFiles } from "./import/write-files.ts";
import { lockMigrations } from "./run/lock.ts";
import type { ImportResult } from "./results.ts";
import type { HistoryTable } from "./rows.ts";
import {
  readStateOfAnyTool,
  refuseForeign,
  requireCreate,
  type LedgerState,
} from "./ledger/state.ts";
import type { Version } from "../project/version.ts";

export interface ImportInput {
  readonly tool: ToolName;
  /** The folder of the tool's migrations. */
  readonly from: string;
  readonly dryRun: boolean;
  /** Whether to take the tool's history over, and from which table; the tool's own without a name. */
  readonly ledger: { readonly table: string | undefined } | undefined;
}

/** The files, in memory, and which of them are not in the project yet. */
interface Prepared {
  readonly converted: Converted;
  readonly toWrite: readonly ConvertedFile[];
}

/**
 * Makes migrations of those of another tool, and with `ledger` records those that it has applied as applied. Nothing
 * is written before everything has been read and found to fit; needs no database without `ledger`.
 */
export async function importMigrations(
  context: Context,
  input: ImportInput,
): Promise<ImportResult> {
  const { project } = context.config;
  const converted = await convertFolder(tools[input.tool], input.from, versionsIn(project));
  if (input.ledger !== undefined) {
    const wanted = { name: input.tool, tool: tools[input.tool], table: input.ledger.table };
    return input.dryRun
      ? planLedger(context, input, { wanted, converted })
      : importLedger(context, input, { wanted, converted });
  }
  const prepared = prepare(project, converted);
  if (!input.dryRun) writeFiles(project, prepared.toWrite);
  return resultOf(input, prepared, undefined);
}

function versionsIn(project: string): Version[] {
  return versionsOf(sqlFilesIn(project, "migrations") ?? []);
}

function prepare(project: string, converted: Converted): Prepared {
  const files = [...converted.migrations, ...converted.definitions];
  return { converted, toWrite: filesToWrite(project, files, versionsIn(project)) };
}

interface LedgerInput {
  readonly wanted: Wanted;
  readonly converted: Converted;
}

async function planLedger(
  { config: { project }, withDatabase }: Context,
  input: ImportInput,
  { wanted, converted }: LedgerInput,
): Promise<ImportResult> {
  const prepared = prepare(project, converted);
  return withDatabase(async (database) => {
    const { state, table } = await look(database, wanted);
    const takenOver = await readTakenOver(database, { wanted, table }, converted.migrations);
    return resultOf(input, prepared, { state, table, takenOver });
  });
}

/** Looks at the project and for the table under the lock only: another import may have done it all meanwhile. */
async function importLedger(
  { config: { project }, output, withDatabase }: Context,
  input: ImportInput,
  { wanted, converted }: LedgerInput,
): Promise<ImportResult> {
  return withDatabase(async (database) => {
    const { state: before } = await look(database, wanted);
    requirePrimary(before.facts);
    if (before.engine === "absent") requireCreate(before.facts);
    const state = await lockMigrations({ database, output }, before);
    const table = await findHistoryTable(database, wanted);
    refuseOtherTool(state, table);
    const prepared = prepare(project, converted);
    let remove: (() => void) | undefined;
    try {
      const takenOver = await takeOver(database, {
        wanted,
        table,
        state,
        migrations: converted.migrations,
        writeFiles: () => {
          remove = writeFiles(project, prepared.toWrite);
        },
      });
      return resultOf(input, prepared, { state, table, takenOver });
    } catch (error) {
      remove?.();
      throw error;
    }
  });
}

/** Without the lock, the table comes first: one that has been moved away meanwhile is then found where it went. */
async function look(
  database: Database,
  wanted: Wanted,
): Promise<{ readonly state: LedgerState; readonly table: HistoryTable }> {
  const table = await findHistoryTable(database, wanted);
  const state = await readStateOfAnyTool(database);
  refuseOtherTool(state, table);
  return { state, table };
}

/** A table in the place of our ledger is accepted where it is the history that is to be taken over. */
function refuseOtherTool({ facts }: LedgerState, table: HistoryTable): void {
  if (!isInTheWay(table)) refuseForeign(facts);
}

interface Ledger {
  readonly state: LedgerState;
  readonly table: HistoryTable;
  readonly takenOver: readonly TakenOver[];
}

function resultOf(
  { tool, dryRun }: ImportInput,
  { converted, toWrite }: Prepared,
  ledger: Ledger | undefined,
): ImportResult {
  const written = new Set(toWrite);
  const changed = new Set(
    ledger?.takenOver.filter((each) => each.changed).map(({ migration }) => migration.source.path),
  );
  const { title } = tools[tool];
  return {
    tool,
    dryRun,
    files: [...converted.migrations, ...converted.definitions].map((file) => ({
      path: file.source.path,
      from: [...file.from],
      state: written.has(file) ? "written" : "unchanged",
      notes: [
        ...(written.has(file) ? file.notes : []),
        ...(changed.has(file.source.path)
          ? [`Its text is not what ${title} recorded when it was applied.`]
          : []),
      ],
    })),
    ignored: [...converted.ignored],
    ledger: ledger === undefined ? null : ledgerResult(tool, converted, ledger),
  };
}

function ledgerResult(
  tool: ToolName,
  { migrations }: Converted,
  { state, table, takenOver }: Ledger,
): ImportResult["ledger"] {
  const before = new Set(state.migrations.map(({ version }) => version));
  const versions = takenOver.map(({ migration }) => migration.file.version.name);
  const recorded = versions.filter((version) => !before.has(version));
  return {
    database: state.facts.database,
    table: `${table.schema}.${table.name}`,
    renamedTo: isInTheWay(table) ? `public.${nameAfterImport(tool)}` : null,
    recorded,
    alreadyRecorded: versions.length - recorded.length,
    pending: migrations.filter(({ file }) => {
      const { name } = file.version;
      return !versions.includes(name) && !before.has(name);
    }).length,
  };
}
