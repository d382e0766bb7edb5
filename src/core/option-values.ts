import { parseDuration } from "./duration.ts";
import { CliError } from "./errors.ts";

/** Reads a duration in milliseconds that was given with an option; throws USAGE. */
export function readDuration(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new CliError("USAGE", {
    message: `${option} takes a duration with its unit, not "${text}".`,
    hint: `Units are ms, s, min, h and d: ${option} 500ms, ${option} 1.5min.`,
  });
}

/** Reads a whole number from 0 to 9999 that was given with an option; throws USAGE. */
export function readCount(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new CliError("USAGE", {
    message: `${option} takes a whole number from 0 to 9999, not "${text}".`,
    hint: `For example: ${option} 3`,
  });
}

/** Names the words that an option or operand takes, for the help and for shells; a wrong one is refused by the command. */
export function withWords<Given extends { argChoices?: string[] | undefined }>(
  given: Given,
  words: readonly string[],
): Given {
  given.argChoices = [...words];
  return given;
}
