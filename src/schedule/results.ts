import { z } from "zod";

const Moment = z.iso.datetime().describe("UTC");

/** A line of what `schedule run` prints. */
export const LogEvent = z.object({
  at: Moment,
  level: z.enum(["info", "warning", "error"]),
  /** What happened; stable. */
  event: z.enum([
    "started",
    "standing by",
    "leading",
    "lead lost",
    "connection failed",
    "job started",
    "job ended",
    "job skipped",
    "job note",
    "http",
    "notification",
    "stopping",
    "stopped",
  ]),
  message: z.string(),
  job: z.string().optional(),
  runId: z.number().optional(),
  dueAt: Moment.optional(),
  missed: z.number().optional(),
  result: z.string().optional(),
  duration: z.number().optional().describe("milliseconds"),
  failures: z.array(z.string()).optional(),
  findings: z.array(z.string()).optional(),
});
export type LogEvent = z.infer<typeof LogEvent>;

/** What a command reads, and a webhook is given, when somebody is to be told about a job. */
export const JobNotification = z.object({
  kind: z.enum(["failed", "findings", "recovered"]),
  job: z.string(),
  database: z.string(),
  server: z.string().describe("host and port"),
  /** Of the job's last run; the same when it is told again. */
  runId: z.number(),
  dueAt: Moment,
  startedAt: Moment,
  endedAt: Moment,
  result: z.string().describe("as in job_runs"),
  summary: z.string().nullable(),
  problems: z.array(z.string()).describe("what failed, and what was found; without secrets"),
});
export type JobNotification = z.infer<typeof JobNotification>;

const Run = z.object({
  runId: z.number(),
  job: z.string(),
  dueAt: Moment,
  missed: z.number().describe("earlier moments that it made good for"),
  startedAt: Moment,
  duration: z.number().nullable().describe("milliseconds; null while it runs"),
  result: z.enum(["done", "findings", "failed", "interrupted", "lost", "running"]),
  summary: z.string().nullable(),
  error: z.string().nullable(),
});
export type Run = z.infer<typeof Run>;

/** What `schedule status` prints with --json. */
export const ScheduleStatus = z.object({
  database: z.string(),
  leader: z
    .object({
      processId: z.number(),
      user: z.string().nullable(),
      address: z.string().nullable().describe("null for a local socket"),
      since: Moment.nullable().describe("when its session began"),
    })
    .nullable(),
  jobs: z.array(
    z.object({
      job: z.string(),
      schedule: z.string().nullable().describe("null for a job that no scheduler runs"),
      timeZone: z.string().nullable(),
      nextAt: Moment.nullable(),
      overdue: z.boolean().describe("due for longer than ten minutes, and nobody has run it"),
      lastRun: Run.nullable(),
      runs: z.number().describe("in the last 24 hours"),
      failed: z.number().describe("of them"),
    }),
  ),
  /** The newest first, as many as --runs says. */
  runs: z.array(Run),
});
export type ScheduleStatus = z.infer<typeof ScheduleStatus>;

/** What `schedule once` prints with --json. */
export const OnceResult = z.object({
  database: z.string(),
  jobs: z.array(
    z.object({
      job: z.string(),
      runId: z.number(),
      result: z.enum(["done", "findings", "failed", "interrupted"]),
      duration: z.number().describe("milliseconds"),
      summary: z.string().nullable(),
      failures: z.array(z.string()),
      findings: z.array(z.string()),
    }),
  ),
});
export type OnceResult = z.infer<typeof OnceResult>;
export type OnceJob = OnceResult["jobs"][number];

/** What `schedule export` prints with --json. */
export const ExportResult = z.object({
  target: z.string(),
  files: z.array(z.object({ name: z.string(), text: z.string() })),
  /** What the target cannot do, or needs. */
  notes: z.array(z.string()),
});
export type ExportResult = z.infer<typeof ExportResult>;
