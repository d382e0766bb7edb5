import { parseLongDuration } from "../core/duration.ts";
import { CliError } from "../core/errors.ts";

/** A moment as it was given: so many milliseconds ago, a time in ISO 8601, or the number of a snapshot. */
export type Moment =
  | { readonly ago: number }
  | { readonly at: string }
  | { readonly snapshot: number };

const day = 86_400_000;

/** The same time of day, so that like is compared with like. */
const words: Readonly<Record<string, number>> = { yesterday: day, "last-week": 7 * day };

/** Reads a moment that was given with an option; throws USAGE. A time without a zone is one in UTC, as all are that are shown. */
export function readMoment(option: string, text: string): Moment {
  const ago = Object.hasOwn(words, text) ? words[text] : parseAgo(text);
  if (ago !== undefined && ago > 0) return { ago };
  if (/^[1-9]\d{0,14}$/.test(text)) return { snapshot: Number(text) };
  const at = parseTime(text);
  if (at !== undefined) return { at };
  throw new CliError("USAGE", {
    message: `${option} takes a duration, a time or the number of a snapshot, not "${text}".`,
    hint: `For example: ${option} 15min, ${option} yesterday, ${option} 2026-01-31T14:00, ${option} 17`,
  });
}

/** Minutes may be written as "m": nobody means metres. */
function parseAgo(text: string): number | undefined {
  return parseLongDuration(text.replace(/(\d)m$/, "$1min"));
}

function parseTime(text: string): string | undefined {
  const { date, time = "00:00", zone = "Z" } = shape.exec(text)?.groups ?? {};
  const at = Date.parse(`${date}T${time}${zone}`);
  // What is read of the 31st of February is a day in March.
  return Number.isNaN(at) || !isDay(date ?? "") ? undefined : new Date(at).toISOString();
}

function isDay(date: string): boolean {
  const at = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date);
}

const shape =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?<zone>Z|[+-]\d\d:\d\d)?)?$/;

/** What to look for among the snapshots: the one of a number, or the last one that had been taken by a time, or else the oldest. */
export type Wanted = { readonly id: number } | { readonly at: string; readonly orOldest?: true };

/** Works out the moment by the server's clock. */
export function wantedAt(moment: Moment, now: string): Wanted {
  if ("snapshot" in moment) return { id: moment.snapshot };
  if ("at" in moment) return { at: moment.at };
  return { at: new Date(Date.parse(now) - moment.ago).toISOString() };
}
