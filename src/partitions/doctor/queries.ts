import { sqlFile } from "../../db/sql-file.ts";
import type { FindingRow } from "./rows.ts";

export const policyFindings = sqlFile<FindingRow>("partitions/doctor-policies.sql");
export const coverageFindings = sqlFile<FindingRow>("partitions/doctor-coverage.sql");
export const catchAllFindings = sqlFile<FindingRow>("partitions/doctor-catch-all.sql");
export const propertyFindings = sqlFile<FindingRow>("partitions/doctor-properties.sql");
export const detachedFindings = sqlFile<FindingRow>("partitions/doctor-detached.sql");
export const structureFindings = sqlFile<FindingRow>("partitions/doctor-structure.sql");
