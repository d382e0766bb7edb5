import { fieldsOf } from "../calendar.ts";
import type { Job } from "../settings.ts";

/** A time as every cron reads it. */
export interface CronTimes {
  readonly cron: string;
}

/** Returns the five fields that other crons read the same way, or says why there are none. */
export function cronTimes(expression: string): CronTimes | { readonly problem: string } {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fieldsOf(expression);
  if (second.length !== 1 || second[0] !== 0) return { problem: "it is not at a whole minute" };
  if (hasSpecialDays(expression)) return { problem: specialDays };
  // cron takes days that fit one of the two, and we those that fit both.
  if (dayOfMonth.length < 31 && dayOfWeek.length < 7)
    return {
      problem: "days of the month together with days of the week mean something else there",
    };
  const fields = [
    list(minute, 60),
    list(hour, 24),
    list(dayOfMonth, 31),
    list(month, 12),
    list(dayOfWeek, 7),
  ];
  return { cron: fields.join(" ") };
}

const specialDays = "other schedulers do not know such days";

/** True for days such as the last one of a month. */
function hasSpecialDays(expression: string): boolean {
  const { dayOfMonth, dayOfWeek } = fieldsOf(expression);
  return [...dayOfMonth, ...dayOfWeek].some((day) => typeof day === "string");
}

/** Writes numbers as a field: all, every so many, or a list. */
function list(numbers: readonly (number | string)[], all: number): string {
  if (numbers.length === all) return "*";
  const step = all / numbers.length;
  if (numbers.length > 2 && numbers.every((number, place) => number === place * step))
    return `*/${step}`;
  return numbers.join(",");
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Returns the time as an OnCalendar= of systemd, or says why there is none. */
export function systemdTime({
  schedule,
  timeZone,
}: Pick<Job, "schedule" | "timeZone">):
  | { readonly calendar: string }
  | { readonly problem: string } {
  if (hasSpecialDays(schedule)) return { problem: specialDays };
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = fieldsOf(schedule);
  const days =
    dayOfWeek.length === 7
      ? ""
      : `${dayOfWeek.map((day) => weekdays[Number(day)] ?? day).join(",")} `;
  const date = `*-${each(month, 12)}-${each(dayOfMonth, 31)}`;
  const time = `${each(hour, 24)}:${each(minute, 60)}:${each(second, 60)}`;
  return { calendar: `${days}${date} ${time} ${timeZone}` };
}

function each(numbers: readonly (number | string)[], all: number): string {
  return numbers.length === all
    ? "*"
    : numbers.map((number) => String(number).padStart(2, "0")).join(",");
}
