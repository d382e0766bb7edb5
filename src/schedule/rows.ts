import { z } from "zod";

/** The rows of the queries in sql/queries/schedule/; a test compares them with what the server says. */
export const Lead = z.object({
  leads: z.boolean(),
  /** Of this session. */
  identity: z.string(),
  process_id: z.number(),
  leader_process_id: z.number().nullable(),
  now: z.date(),
  database: z.string(),
  is_standby: z.boolean(),
  settings: z.number(),
});
export type Lead = z.infer<typeof Lead>;

export const RegisteredJob = z.object({
  job: z.string(),
  /** The moment after which it may be due. */
  after: z.date(),
  /** Its last run was interrupted or lost, and is to be made good for. */
  again: z.boolean(),
});
export type RegisteredJob = z.infer<typeof RegisteredJob>;

export const BegunRun = z.object({
  run_id: z.number().nullable(),
  client_connection_check_interval: z.string().nullable(),
  settings: z.number(),
});
export type BegunRun = z.infer<typeof BegunRun>;

export const EndedRun = z.object({ ended: z.string() });
export type EndedRun = z.infer<typeof EndedRun>;

const run = {
  run_id: z.number().nullable(),
  due_at: z.date().nullable(),
  missed: z.number().nullable(),
  started_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  result: z.string().nullable(),
  summary: z.string().nullable(),
  error: z.string().nullable(),
};

export const JobRow = z.object({
  job: z.string(),
  /** Null for a job that the leading scheduler does not have. */
  schedule: z.string().nullable(),
  time_zone: z.string().nullable(),
  since: z.date().nullable(),
  ...run,
  /** Of a run that is recorded as going on: its session is gone. */
  is_abandoned: z.boolean(),
  /** Of the last run that ended; null when none has. */
  ended_result: z.string().nullable(),
  ended_seconds: z.number().nullable(),
  /** In the last 24 hours. */
  runs: z.number(),
  failed: z.number(),
});
export type JobRow = z.infer<typeof JobRow>;

export const Leader = z.object({
  database: z.string(),
  now: z.date(),
  is_standby: z.boolean(),
  /** Null when no scheduler leads. */
  process_id: z.number().nullable(),
  user: z.string().nullable(),
  application_name: z.string().nullable(),
  client_address: z.string().nullable(),
  since: z.date().nullable(),
});
export type Leader = z.infer<typeof Leader>;

export const RunRow = z.object({ job: z.string(), ...run });
export type RunRow = z.infer<typeof RunRow>;

export const TableToAnalyze = z.object({ parent: z.string() });
export type TableToAnalyze = z.infer<typeof TableToAnalyze>;

export const AnalyzedTable = z.object({ analyzed: z.string() });
export type AnalyzedTable = z.infer<typeof AnalyzedTable>;

export const Figures = z.object({
  stale_views: z.number(),
  /** Null without pg_stat_statements. */
  statements: z.number().nullable(),
  calls: z.number().nullable(),
  seconds: z.number().nullable(),
});
export type Figures = z.infer<typeof Figures>;

export const TakenNotification = z.object({
  database: z.string(),
  run_id: z.number(),
  notification: z.string(),
  job: z.string(),
  due_at: z.date(),
  started_at: z.date(),
  ended_at: z.date(),
  result: z.string(),
  summary: z.string().nullable(),
  error: z.string().nullable(),
});
export type TakenNotification = z.infer<typeof TakenNotification>;

export const RecordedNotification = z.object({ recorded: z.string().nullable() });
export type RecordedNotification = z.infer<typeof RecordedNotification>;
