import type { Config } from "../config/schema.ts";
import { jobNames, type JobName } from "../config/schedule-schema.ts";
import { parseLongDuration } from "../core/duration.ts";
import { calendarOf, isTimeZone, problemOf, type Calendar } from "./calendar.ts";
import { refuseSettings } from "./refuse-settings.ts";

/** A job as it is to run. */
export interface Job {
  readonly name: JobName;
  readonly schedule: string;
  readonly timeZone: string;
  readonly calendar: Calendar;
}

/** What the jobs do beside running at their times. */
export interface JobSettings {
  readonly retire: {
    readonly drop: boolean;
    /** Where the rows of a partition are written before it is dropped. */
    readonly folder: string | undefined;
  };
  /** How long a snapshot is kept, in milliseconds. */
  readonly snapshot: { readonly keep: number };
  readonly health: { readonly failOn: "error" | "warning" | "note" };
}

/** The checked configuration of the scheduler. */
export interface ScheduleSettings {
  /** Those that have a time, in the order in which they run when they are due at once. */
  readonly jobs: readonly Job[];
  readonly settings: JobSettings;
  readonly http: { readonly host: string; readonly port: number | undefined };
}

/**
 * When each job runs where the config file says nothing: those that change much at night, not on the hour, when other
 * programs begin; views and statistics as often as the shortest usual policy needs them.
 */
const usualTimes: Readonly<Record<JobName, string>> = {
  partitions: "10 3 * * *",
  retire: "30 3 * * *",
  views: "*/5 * * * *",
  snapshot: "*/10 * * * *",
  analyze: "50 3 * * *",
  health: "7 * * * *",
};

const usualPort = 9476;

/** Reads the scheduler's part of the configuration; throws CONFIG_INVALID with every problem. */
export function readSettings({ schedule = {} }: Pick<Config, "schedule">): ScheduleSettings {
  const problems: string[] = [];
  const { timeZone = "UTC", jobs = {}, http } = schedule;
  if (!isTimeZone(timeZone)) problems.push(`There is no time zone "${timeZone}".`);
  const settings = readJobSettings(jobs, problems);
  const times = jobNames.map((name) => ({ name, at: jobs[name]?.at ?? usualTimes[name] }));
  const timed = times.filter((each): each is Timed => each.at !== false);
  for (const { name, at } of timed) {
    const problem = problemOf(at);
    if (problem !== undefined)
      problems.push(`"${at}" is no time for the job "${name}": ${problem}.`);
  }
  refuseSettings(
    problems,
    'Correct it in the part "schedule" of the config file; a time is a cron expression such as "10 3 * * *".',
  );
  return {
    jobs: timed.map(({ name, at }) => ({
      name,
      schedule: at,
      timeZone,
      calendar: calendarOf(at, timeZone),
    })),
    settings,
    http: readHttp(http),
  };
}

interface Timed {
  readonly name: JobName;
  readonly at: string;
}

type Given = NonNullable<NonNullable<Config["schedule"]>["jobs"]>;

function readJobSettings(
  { retire = {}, snapshot = {}, health = {} }: Given,
  problems: string[],
): JobSettings {
  const { drop = false, export: folder } = retire;
  if (folder !== undefined && !drop)
    problems.push('"schedule.jobs.retire.export" needs "drop": true; nothing is dropped without.');
  const { failOn = "error" } = health;
  const keep = readKeep(snapshot, problems);
  return { retire: { drop, folder }, snapshot: { keep }, health: { failOn } };
}

function readKeep(
  { keep: given = "30d" }: NonNullable<Given["snapshot"]>,
  problems: string[],
): number {
  const keep = parseLongDuration(given) ?? 0;
  if (keep === 0)
    problems.push(`"schedule.jobs.snapshot.keep" takes a duration such as "30d", not "${given}".`);
  return keep;
}

function readHttp({
  host = "127.0.0.1",
  port = usualPort,
}: NonNullable<Config["schedule"]>["http"] = {}): ScheduleSettings["http"] {
  return { host, port: port === false ? undefined : port };
}
