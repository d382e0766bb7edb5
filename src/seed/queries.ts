import { sqlFile } from "../db/sql-file.ts";
import type { Begun, Inserted, TableWithRows } from "./rows.ts";

export const beginSeeds = sqlFile<Begun>("seed/begin.sql");
export const tablesWithRows = sqlFile<TableWithRows>("seed/tables-with-rows.sql");
export const insertedRows = sqlFile<Inserted>("seed/inserted.sql");
