import { createTask, parse, validateDetailed } from "node-cron";

/** A moment at which a job is due, and how many earlier ones it makes good for. */
export interface Due {
  readonly at: Date;
  readonly missed: number;
}

/** The moments that a cron expression means in a time zone. */
export interface Calendar {
  /** The newest one after `after` and not after `now`. */
  readonly latest: (after: Date, now: Date) => Due | undefined;
  /** The next one from the present on; undefined when there is none. */
  readonly next: () => Date | undefined;
}

/** More than these are not counted. */
const mostMissed = 100;

/** What was missed longer ago than this, in milliseconds, is not made good for: the search has to end. */
const longestSearch = 366 * 86_400_000;

const minute = 60_000;

/**
 * Returns the calendar of a valid expression. The timers of node-cron are not used: whether a job is due is for the
 * database to say, which knows what others have run; they would also have to be stopped whenever another process leads.
 */
export function calendarOf(expression: string, timeZone: string): Calendar {
  const task = createTask(expression, () => {}, { timezone: timeZone });
  const fields = parse(expression);
  const seconds = fields.second.toSorted((one, other) => other - one);
  // Zones differ from UTC by quarters of an hour, so that of most minutes it is known that they are none.
  const minutes = new Set(
    fields.minute.flatMap((each) => [0, 15, 30, 45].map((quarter) => (each + quarter) % 60)),
  );
  // The date in a zone is that of UTC, or of the day before or after it.
  const isNear = (start: number): boolean =>
    [-1, 0, 1].some((days) => {
      const date = new Date(start + days * 86_400_000);
      return (
        fields.month.includes(date.getUTCMonth() + 1) &&
        fields.dayOfMonth.some((day) => typeof day === "string" || day === date.getUTCDate())
      );
    });
  return {
    latest: (after, now) => {
      const moments: Date[] = [];
      const oldest = Math.max(after.getTime(), now.getTime() - longestSearch);
      for (
        let start = Math.floor(now.getTime() / minute) * minute;
        start + minute > oldest && moments.length <= mostMissed;
        start -= minute
      ) {
        if (!minutes.has(new Date(start).getUTCMinutes()) || !isNear(start)) continue;
        for (const second of seconds) {
          const moment = new Date(start + second * 1000);
          if (moment > now || moment.getTime() <= oldest) continue;
          if (task.match(moment)) moments.push(moment);
        }
      }
      const [at, ...missed] = moments;
      return at && { at, missed: Math.min(missed.length, mostMissed) };
    },
    next: () => task.getNextRuns(1)[0],
  };
}

/** Takes a valid expression apart; days may be words such as "L", the last one of a month. */
export function fieldsOf(expression: string): ReturnType<typeof parse> {
  return parse(expression);
}

/** Says what is wrong with a cron expression; undefined when it is right. */
export function problemOf(expression: string): string | undefined {
  const { valid, errors } = validateDetailed(expression);
  if (!valid) return errors.map(({ message }) => message).join("; ");
  return calendarOf(expression, "UTC").next() === undefined ? "it means no moment" : undefined;
}

/** True for a name that the time zones of this machine have. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format() !== "";
  } catch {
    return false;
  }
}
