import { sqlFile } from "../db/sql-file.ts";
import type { CatalogRow } from "./rows.ts";

export const catalog = sqlFile<CatalogRow>("statements/catalog.sql");
