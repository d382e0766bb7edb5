import { sqlFile } from "../db/sql-file.ts";
import type { Facts, Size } from "./rows.ts";

export const facts = sqlFile<Facts>("health/facts.sql");
export const sizes = sqlFile<Size>("health/sizes.sql");
