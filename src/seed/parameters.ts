import { CliError } from "../core/errors.ts";
import type { SeedResult } from "./results.ts";

/** What the command line gives, as text. */
export interface ParameterTexts {
  readonly users: string;
  readonly courses: string;
  readonly days: string;
  readonly randomSeed: string;
  readonly asOf?: string;
}

type Parameters = SeedResult["parameters"];

/** Reads and checks the parameters; throws USAGE. */
export function readParameters(texts: ParameterTexts): Parameters {
  return {
    users: wholeNumber("--users", texts.users, { from: 1, to: 10_000_000 }),
    courses: wholeNumber("--courses", texts.courses, { from: 1, to: 1_000_000 }),
    days: wholeNumber("--days", texts.days, { from: 1, to: 3650 }),
    randomSeed: wholeNumber("--random-seed", texts.randomSeed, { from: 0, to: 2_147_483_647 }),
    asOf: texts.asOf === undefined ? today() : date("--as-of", texts.asOf),
  };
}

/** Gives the parameters the names of the settings that the files read. */
export function settingsOf({ randomSeed, asOf, ...counts }: Parameters): Record<string, string> {
  const settings = { ...counts, random_seed: randomSeed, as_of: asOf };
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`seed.${name}`, String(value)]),
  );
}

function wholeNumber(
  option: string,
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number >= from && number <= to) return number;
  throw new CliError("USAGE", {
    message: `${option} takes a whole number from ${from} to ${to}, not "${text}".`,
    hint: `For example: doramaflix-db seed ${option} ${Math.min(1000, to)}`,
  });
}

function date(option: string, text: string): string {
  const time = /^(?:20[1-9]\d)-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw new CliError("USAGE", {
    message: `${option} takes a day from 2010 to 2099, not "${text}".`,
    hint: `For example: doramaflix-db seed ${option} ${today()}`,
  });
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}
