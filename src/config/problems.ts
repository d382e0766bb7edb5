import { CliError } from "../core/errors.ts";

/** What the steps of one loading add to, so that all problems can be reported at once. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: string[];
}

/** One mistake in the configuration; neither text ever holds a password. */
export interface Problem {
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Throws one error that tells all the problems; does nothing when there are none. */
export function refuse(problems: readonly Problem[]): void {
  const [first, second] = problems;
  if (first === undefined) return;
  if (second === undefined) throw new CliError("CONFIG_INVALID", first);
  throw new CliError("CONFIG_INVALID", {
    message: `The configuration has ${problems.length} problems.`,
    detail: problems.map(({ message, hint }) => `- ${message} ${hint}`).join("\n"),
    hint: "Correct each of them as its line says.",
  });
}
