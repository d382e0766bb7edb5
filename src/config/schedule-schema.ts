import { z } from "zod";

/** The names of the jobs, in the order in which those run that are due at the same moment. */
export const jobNames = ["partitions", "retire", "views", "snapshot", "analyze", "health"] as const;
export type JobName = (typeof jobNames)[number];

/** What somebody can be told about a job. */
export const notificationKinds = ["failed", "findings", "recovered"] as const;
export type NotificationKind = (typeof notificationKinds)[number];

const text = (name: string): z.ZodString =>
  z
    .string({ error: `The key "${name}" must be a text in quotes.` })
    .min(1, { error: `The key "${name}" must not be empty.` });

const flag = (name: string): z.ZodBoolean =>
  z.boolean({ error: `The key "${name}" must be true or false.` });

const choice = <const Choices extends readonly [string, ...string[]]>(
  name: string,
  choices: Choices,
): z.ZodEnum<{ [Choice in Choices[number]]: Choice }> =>
  z.enum(choices, {
    error: `The key "${name}" must be one of ${choices.map((each) => `"${each}"`).join(", ")}.`,
  });

const section = <Shape extends z.ZodRawShape>(
  name: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === "invalid_type" ? `The key "${name}" must be an object.` : undefined,
  });

/** What may be set for each job beside its time. */
const settings = {
  partitions: {},
  retire: {
    drop: flag("schedule.jobs.retire.drop").optional(),
    export: text("schedule.jobs.retire.export").optional(),
  },
  views: {},
  snapshot: { keep: text("schedule.jobs.snapshot.keep").optional() },
  analyze: {},
  health: {
    failOn: choice("schedule.jobs.health.failOn", ["error", "warning", "note"]).optional(),
  },
} as const satisfies Record<JobName, z.ZodRawShape>;

const time = (key: string) =>
  z.union([z.literal(false), z.string().min(1)], {
    error: `The key "${key}" must be a cron expression in quotes, or false.`,
  });

/** A cron expression alone stands for a job with that time, and false for none. */
function job<Shape extends z.ZodRawShape>(name: JobName, shape: Shape) {
  const key = `schedule.jobs.${name}`;
  return z
    .preprocess(
      (given) => (typeof given === "string" || given === false ? { at: given } : given),
      section(key, { at: time(key).optional(), ...shape }),
    )
    .optional();
}

const jobs = {
  partitions: job("partitions", settings.partitions),
  retire: job("retire", settings.retire),
  views: job("views", settings.views),
  snapshot: job("snapshot", settings.snapshot),
  analyze: job("analyze", settings.analyze),
  health: job("health", settings.health),
};

const webhook = {
  shape: choice("schedule.notify.webhook.shape", ["json", "slack"]).optional(),
  /** Its URL is a secret, and stands in none of our files. */
  urlVariable: text("schedule.notify.webhook.urlVariable").optional(),
  urlFile: text("schedule.notify.webhook.urlFile").optional(),
};

const attempts = 'The key "schedule.notify.attempts" must be a whole number from 1 to 5.';

const port = 'The key "schedule.http.port" must be a whole number from 0 to 65535, or false.';

const http = {
  host: text("schedule.http.host").optional(),
  port: z
    .union([z.literal(false), z.int().min(0, { error: port }).max(65_535, { error: port })], {
      error: port,
    })
    .optional(),
};

const notify = {
  on: z
    .array(choice("schedule.notify.on", notificationKinds), {
      error: 'The key "schedule.notify.on" must be a list.',
    })
    .min(1, { error: 'The key "schedule.notify.on" must not be empty.' })
    .optional(),
  repeat: z
    .union([z.literal(false), z.string().min(1)], {
      error: 'The key "schedule.notify.repeat" must be a duration in quotes, or false.',
    })
    .optional(),
  timeout: text("schedule.notify.timeout").optional(),
  attempts: z
    .int({ error: attempts })
    .min(1, { error: attempts })
    .max(5, { error: attempts })
    .optional(),
  command: z
    .array(text("schedule.notify.command"), {
      error: 'The key "schedule.notify.command" must be a list: the program and its arguments.',
    })
    .min(1, { error: 'The key "schedule.notify.command" must not be empty.' })
    .optional(),
  webhook: section("schedule.notify.webhook", webhook).optional(),
};

const schedule = {
  timeZone: text("schedule.timeZone").optional(),
  jobs: section("schedule.jobs", jobs).optional(),
  http: z
    .preprocess(
      (given) => (given === false ? { port: false } : given),
      section("schedule.http", http),
    )
    .optional(),
  notify: section("schedule.notify", notify).optional(),
};

/** The part "schedule" of the config file. What a cron expression means is checked where it is used. */
export const ScheduleFile = section("schedule", schedule);
export type ScheduleFile = z.infer<typeof ScheduleFile>;

/** The keys that each object of it may have, by its path. */
export const scheduleKeys: Readonly<Record<string, readonly string[]>> = {
  schedule: Object.keys(schedule),
  "schedule.jobs": Object.keys(jobs),
  "schedule.http": Object.keys(http),
  "schedule.notify": Object.keys(notify),
  "schedule.notify.webhook": Object.keys(webhook),
  ...Object.fromEntries(
    jobNames.map((name) => [`schedule.jobs.${name}`, ["at", ...Object.keys(settings[name])]]),
  ),
};
