import { sqlFile } from "../db/sql-file.ts";
import type { HeldRelation } from "../output/results.ts";
import type {
  CandidateKey,
  Decision,
  PolicyWithoutView,
  ServerState,
  StatusRow,
  UniqueIndex,
  ViewRow,
  Ways,
} from "./rows.ts";

export const serverState = sqlFile<ServerState>("matviews/server-state.sql");
export const views = sqlFile<ViewRow>("matviews/views.sql");
export const decision = sqlFile<Decision>("matviews/decision.sql");
export const ways = sqlFile<Ways>("matviews/ways.sql");
export const candidateKeys = sqlFile<CandidateKey>("matviews/candidate-keys.sql");
export const uniqueIndexes = sqlFile<UniqueIndex>("matviews/unique-indexes.sql");
export const lockHolders = sqlFile<HeldRelation>("matviews/lock-holders.sql");
export const policiesWithoutView = sqlFile<PolicyWithoutView>("matviews/policies-without-view.sql");
export const status = sqlFile<StatusRow>("matviews/status.sql");
