import type { JobName } from "../config/schedule-schema.ts";
import { CliError } from "../core/errors.ts";
import { shellWord } from "../core/shell-quote.ts";
import { cronTimes, systemdTime, type CronTimes } from "./export/times.ts";
import type { ExportResult } from "./results.ts";
import type { Job, ScheduleSettings } from "./settings.ts";

export const exportTargets = ["crontab", "systemd", "pg_cron", "kubernetes"] as const;
export type ExportTarget = (typeof exportTargets)[number];

export interface ExportInput {
  /** How the program is called. */
  readonly program: string;
  /** The folder of Node.js, which the program is found by: these schedulers have a short PATH. */
  readonly nodeFolder: string;
  /** The folder of the project. */
  readonly project: string;
  /** Of a container, for Kubernetes. */
  readonly image: string;
}

/** Writes the jobs for another scheduler; each is run with `schedule once`, so that it is recorded all the same. */
export function exportJobs(
  settings: Pick<ScheduleSettings, "jobs" | "settings">,
  target: ExportTarget,
  input: ExportInput,
): ExportResult {
  const exporters = { crontab, systemd, pg_cron: pgCron, kubernetes };
  return { target, ...exporters[target](settings, input) };
}

type Exported = Pick<ExportResult, "files" | "notes">;
type Exporter = (
  settings: Pick<ScheduleSettings, "jobs" | "settings">,
  input: ExportInput,
) => Exported;

const head = "The jobs of doramaflix-db, written by its command schedule export.";

/** What systemd and cron look through for programs; the folder of Node.js comes first. */
function searchPath(nodeFolder: string): string {
  return [...new Set([nodeFolder, "/usr/local/bin", "/usr/bin", "/bin"])].join(":");
}

const crontab: Exporter = ({ jobs }, { program, nodeFolder, project }) => {
  const [{ timeZone } = { timeZone: "UTC" }] = jobs;
  const lines = jobs.map((job) => {
    const command = `${shellWord(program)} schedule once ${job.name} --project ${shellWord(project)}`;
    // In a crontab "%" ends the command.
    return `${timesOf(job).cron} ${command.replaceAll("%", String.raw`\%`)}`;
  });
  const text = [
    `# ${head}`,
    "# Where the database is, they read from DATABASE_URL or the config file; a password belongs into ~/.pgpass.",
    `CRON_TZ=${timeZone}`,
    `PATH=${searchPath(nodeFolder)}`,
    ...lines,
  ];
  return {
    files: [{ name: "crontab", text: `${text.join("\n")}\n` }],
    notes: [
      `The times are in ${timeZone}. The cron of Debian and of macOS pays no attention to CRON_TZ: there, the machine has to be in that zone.`,
      "PATH begins with the folder of this Node.js: change it for another machine. A program elsewhere has its whole path from --program.",
    ],
  };
};

const systemd: Exporter = ({ jobs }, { program, nodeFolder, project }) => ({
  files: jobs.flatMap((job) => [
    {
      name: `doramaflix-db-${job.name}.service`,
      text: unit({
        Unit: [
          `Description=doramaflix-db: ${job.name}`,
          "Wants=network-online.target",
          "After=network-online.target",
        ],
        Service: [
          "Type=oneshot",
          `ExecStart=${unitQuoted(program)} schedule once ${job.name} --project ${unitQuoted(project)}`,
          `Environment=${environmentQuoted(`PATH=${searchPath(nodeFolder)}`)}`,
          "EnvironmentFile=-/etc/doramaflix-db.env",
        ],
      }),
    },
    {
      name: `doramaflix-db-${job.name}.timer`,
      text: unit({
        Unit: [`Description=doramaflix-db: when ${job.name} runs`],
        Timer: [`OnCalendar=${calendarOf(job)}`, "Persistent=true"],
        Install: ["WantedBy=timers.target"],
      }),
    },
  ]),
  notes: [
    "Put the files into /etc/systemd/system, then: systemctl daemon-reload; systemctl enable --now doramaflix-db-*.timer",
    "The services read DATABASE_URL from /etc/doramaflix-db.env. They run as root: add User= to each for another account.",
    "PATH begins with the folder of this Node.js: change it for another machine. systemd itself looks elsewhere for the program: --program gives its whole path.",
  ],
});

function unit(sections: Readonly<Record<string, readonly string[]>>): string {
  const parts = Object.entries(sections).map(([name, lines]) => [`[${name}]`, ...lines].join("\n"));
  return `# ${head}\n${parts.join("\n\n")}\n`;
}

/** The views that are older than their policy allows, and those that they need, as "views refresh --stale" takes them. */
const staleViews =
  "array(with recursive wanted as (" +
  "select m.view, m.needs from public.materialized_views() m join pg_class c on c.oid = m.view " +
  "join public.matview_policies p on p.schema_name = m.schema_name and p.view_name = m.view_name " +
  "where not c.relispopulated or public.matview_is_due(m.view, p.every) " +
  "union select m.view, m.needs from wanted w join public.materialized_views() m on m.view = any (w.needs)" +
  ") select view from wanted)";

/** What the database can do by itself. */
function statementOf(name: JobName, keep: number): string | undefined {
  const statements: Partial<Record<JobName, string>> = {
    partitions: "call public.create_partitions()",
    views: `select * from public.refresh_materialized_views(${staleViews})`,
    snapshot: `select * from public.take_statement_snapshot('${Math.round(keep / 1000)} seconds')`,
    analyze: "select public.analyze_partitioned_table(t.parent) from public.plan_analyze() t",
  };
  return statements[name];
}

const pgCron: Exporter = ({ jobs, settings }) => {
  const [{ timeZone } = { timeZone: "UTC" }] = jobs;
  const lines = jobs.flatMap((job) => {
    const statement = statementOf(job.name, settings.snapshot.keep);
    if (statement === undefined) return [];
    return `select cron.schedule('doramaflix-db ${job.name}', '${timesOf(job).cron}', $job$${statement}$job$);`;
  });
  const left = jobs.filter(({ name }) => statementOf(name, 0) === undefined);
  const names = left.map(({ name }) => name).join(" and ");
  return {
    files: [{ name: "pg_cron.sql", text: `-- ${head}\n${lines.join("\n")}\n` }],
    notes: [
      "Run it in the database that pg_cron is installed in; the jobs run in that one.",
      `The times are in ${timeZone}: cron.timezone has to say the same; without it pg_cron takes GMT.`,
      "The runs are in cron.job_run_details and not in job_runs.",
      ...(left.length === 0
        ? []
        : [`Left out, because the program does them and not the database: ${names}.`]),
    ],
  };
};

const kubernetes: Exporter = ({ jobs }, { image, project }) => ({
  files: [
    {
      name: "cronjobs.yaml",
      text: `# ${head}\n${jobs.map((job) => cronJob(job, { image, project })).join("---\n")}`,
    },
  ],
  notes: [
    `The image has the program and, at ${project}, the project with its config file.`,
    'DATABASE_URL comes from the key "url" of the secret "doramaflix-db".',
  ],
});

/** A text in JSON's quotes is one of YAML too. */
function cronJob(job: Job, { image, project }: Pick<ExportInput, "image" | "project">): string {
  const quoted = JSON.stringify;
  const command = ["doramaflix-db", "schedule", "once", job.name, "--project", project];
  return `apiVersion: batch/v1
kind: CronJob
metadata:
  name: doramaflix-db-${job.name}
spec:
  schedule: ${quoted(timesOf(job).cron)}
  timeZone: ${quoted(job.timeZone)}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 600
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: doramaflix-db
              image: ${quoted(image)}
              command: ${quoted(command)}
              env:
                - name: DATABASE_URL
                  valueFrom:
                    secretKeyRef:
                      name: doramaflix-db
                      key: url
`;
}

function timesOf(job: Job): CronTimes {
  const times = cronTimes(job.schedule);
  if ("cron" in times) return times;
  throw notExportable(job, times.problem);
}

function calendarOf(job: Job): string {
  const time = systemdTime(job);
  if ("calendar" in time) return time.calendar;
  throw notExportable(job, time.problem);
}

function notExportable({ name, schedule }: Job, problem: string): CliError {
  return new CliError("CONFIG_INVALID", {
    message: `"${schedule}", the time of the job "${name}", cannot be exported: ${problem}.`,
    hint: 'Give it another time in the part "schedule" of the config file.',
  });
}

/** In a unit "%" begins a specifier, "$" a variable, and a backslash an escape. */
function unitQuoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : environmentQuoted(text.replaceAll("$", "$$$$"));
}

/** The same where "$" is an ordinary character. */
function environmentQuoted(text: string): string {
  return `"${text.replaceAll("%", "%%").replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
