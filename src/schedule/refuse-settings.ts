import { CliError } from "../core/errors.ts";

/** Throws one error that tells all that is wrong with the settings of the config file; does nothing where nothing is. */
export function refuseSettings([first, ...others]: readonly string[], hint: string): void {
  if (first === undefined) return;
  throw new CliError("CONFIG_INVALID", {
    message: first,
    detail: others.length === 0 ? undefined : others.join("\n"),
    hint,
  });
}
