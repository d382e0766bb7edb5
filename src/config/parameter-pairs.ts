import {
  isParameter,
  isSecret,
  parameterNames,
  type Setting,
  type Settings,
} from "./parameters.ts";
import type { Problem } from "./problems.ts";
import { suggest } from "./suggest.ts";

/** A connection string taken apart; with problems, the settings are not to be trusted. */
export interface ParsedText {
  readonly settings: Settings;
  readonly problems: readonly Problem[];
}

export interface ParameterPairs {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly source: string;
  /** false when an unknown name may be a piece of a password, and must not be repeated. */
  readonly quotable: boolean;
}

/** Returns the pairs as settings, a later one in the place of an earlier one, and the unknown names as problems. */
export function toSettings({ pairs, source, quotable }: ParameterPairs): ParsedText {
  const settings = new Map<string, Setting>();
  const problems: Problem[] = [];
  let previousWasSecret = false;
  for (const [name, value] of pairs) {
    if (isParameter(name)) {
      settings.set(name, { value, source });
      previousWasSecret = isSecret(name);
    } else {
      problems.push(
        quotable && !previousWasSecret ? unknownParameter(name, source) : unnamedParameter(source),
      );
    }
  }
  return { settings, problems };
}

function unknownParameter(name: string, source: string): Problem {
  const hint =
    name === "ssl"
      ? 'Use "sslmode" instead.'
      : `Remove it, or correct its name.${suggest(name, parameterNames)}`;
  return { message: `The connection parameter "${name}" from "${source}" is unknown.`, hint };
}

function unnamedParameter(source: string): Problem {
  return {
    message: `An unknown connection parameter follows the password in "${source}".`,
    hint: "If it belongs to the password, percent-encode the password in a URL, or put it in single quotes in a keyword string.",
  };
}
