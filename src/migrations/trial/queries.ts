import { sqlFile } from "../../db/sql-file.ts";
import type { OwnLock, TrialRelation } from "./rows.ts";

export const trialRelations = sqlFile<TrialRelation>("migrations/trial-relations.sql");
export const ownLocks = sqlFile<OwnLock>("migrations/own-locks.sql");
