import { sqlFile } from "../db/sql-file.ts";
import type { ConventionRow, FingerprintLine, TableData } from "./rows.ts";

export const fingerprint = sqlFile<FingerprintLine>("checks/fingerprint.sql");
export const tableData = sqlFile<TableData>("checks/table-data.sql");
export const functionConventions = sqlFile<ConventionRow>("checks/function-conventions.sql");
export const nameConventions = sqlFile<ConventionRow>("checks/name-conventions.sql");
export const rowSecurityConventions = sqlFile<ConventionRow>("checks/row-security-conventions.sql");
export const viewConventions = sqlFile<ConventionRow>("checks/view-conventions.sql");
