import { sqlFile } from "../../db/sql-file.ts";
import type { Caller, HypoPg, PlannedRelation } from "./rows.ts";

export const caller = sqlFile<Caller>("slow-queries/explain-caller.sql");
export const plannedRelations = sqlFile<PlannedRelation>("slow-queries/explain-relations.sql");
export const hypoPg = sqlFile<HypoPg>("slow-queries/explain-hypopg.sql");
