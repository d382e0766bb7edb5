import { sqlFile } from "../db/sql-file.ts";
import type {
  AnalyzedTable,
  BegunRun,
  EndedRun,
  Figures,
  JobRow,
  Lead,
  Leader,
  RecordedNotification,
  RegisteredJob,
  RunRow,
  TableToAnalyze,
  TakenNotification,
} from "./rows.ts";

export const tryLead = sqlFile<Lead>("schedule/try-lead.sql");
export const registerJobs = sqlFile<RegisteredJob>("schedule/register-jobs.sql");
export const beginRun = sqlFile<BegunRun>("schedule/begin-run.sql");
export const endRun = sqlFile<EndedRun>("schedule/end-run.sql");
export const jobs = sqlFile<JobRow>("schedule/jobs.sql");
export const leader = sqlFile<Leader>("schedule/leader.sql");
export const runs = sqlFile<RunRow>("schedule/runs.sql");
export const tablesToAnalyze = sqlFile<TableToAnalyze>("schedule/tables-to-analyze.sql");
export const analyzeTable = sqlFile<AnalyzedTable>("schedule/analyze-table.sql");
export const figures = sqlFile<Figures>("schedule/figures.sql");
export const takeNotification = sqlFile<TakenNotification>("schedule/take-notification.sql");
export const recordNotification = sqlFile<RecordedNotification>("schedule/record-notification.sql");
