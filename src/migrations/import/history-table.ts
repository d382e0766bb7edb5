import { CliError } from "../../core/errors.ts";
import type { Database } from "../../db/database.ts";
import { historyTables } from "../queries.ts";
import type { HistoryTable } from "../rows.ts";
import type { HistoryRow, ImportTool, ToolName } from "./tool.ts";

/** What is to be looked for: a tool's history, in the table that the user names if any. */
export interface Wanted {
  readonly name: ToolName;
  readonly tool: ImportTool;
  readonly table: string | undefined;
}

/** What a table of that name is renamed to when it stands in the way of our ledger. */
export function nameAfterImport(name: ToolName): string {
  return `schema_migrations_of_${name.replaceAll("-", "_")}`;
}

/**
 * Finds the tool's table: the one named, or else where the tool keeps it, or else where an earlier import left it.
 * Throws IMPORT_HISTORY_UNUSABLE, and says which tables there are.
 */
export async function findHistoryTable(database: Database, wanted: Wanted): Promise<HistoryTable> {
  const { name, tool, table } = wanted;
  const tables = (await historyTables(database)).filter((each) => each.tool === name);
  const find = (path: string): HistoryTable | undefined =>
    tables.find((each) => path === `${each.schema}.${each.name}`);
  const found =
    table === undefined
      ? (find(tool.history.table) ?? find(`public.${nameAfterImport(name)}`))
      : find(table.includes(".") ? table : `public.${table}`);
  if (found !== undefined) return found;
  const others = tables.map((each) => `"${each.schema}.${each.name}"`);
  throw new CliError("IMPORT_HISTORY_UNUSABLE", {
    message: `There is no table "${table ?? tool.history.table}" with the columns of ${tool.title}'s history.`,
    detail:
      others.length === 0
        ? "No other table has them either. Nothing was written."
        : `Such a table is ${others.join(" and ")}. Nothing was written.`,
    hint: "Check the address of the database, or name the table: --ledger-table SCHEMA.TABLE",
  });
}

/** True for the table that has the name of our ledger. */
export function isInTheWay({ schema, name }: HistoryTable): boolean {
  return schema === "public" && name === "schema_migrations";
}

/** Reads the rows. Which table it is, the user says: so the statement stands here and in no file. */
export async function readHistory(
  database: Database,
  { history }: ImportTool,
  { identifier }: HistoryTable,
): Promise<readonly HistoryRow[]> {
  const { columns, orderBy } = history;
  return (await database.query(
    `select ${columns} from ${identifier} order by ${orderBy}`,
  )) as readonly HistoryRow[];
}
