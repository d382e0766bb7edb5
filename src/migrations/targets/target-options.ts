import { CliError } from "../../core/errors.ts";

/** What the command line says about several databases, as text. */
export interface TargetTexts {
  readonly targets?: string;
  readonly jobs?: string;
  readonly canary?: string;
  readonly maxFailures?: string;
}

export interface TargetOptions {
  /** A file, a pattern or a query. */
  readonly targets: string;
  /** How many databases are worked on at the same time. */
  readonly jobs: number;
  readonly canary: string | undefined;
  /** After how many failures no other database is begun. */
  readonly maxFailures: number;
}

/** Reads and checks the options; undefined where the command is for one database. Throws USAGE. */
export function readTargetOptions(texts: TargetTexts): TargetOptions | undefined {
  const { targets, canary } = texts;
  if (targets === undefined) {
    refuseAlone(texts);
    return undefined;
  }
  return {
    targets,
    canary,
    jobs: wholeNumber("--jobs", texts.jobs ?? "4", 100),
    maxFailures: wholeNumber("--max-failures", texts.maxFailures ?? "1", 1_000_000),
  };
}

function refuseAlone({ jobs, canary, maxFailures }: TargetTexts): void {
  const alone = Object.entries({
    "--jobs": jobs,
    "--canary": canary,
    "--max-failures": maxFailures,
  }).find(([, text]) => text !== undefined)?.[0];
  if (alone === undefined) return;
  throw new CliError("USAGE", {
    message: `${alone} is for several databases, and needs --targets.`,
    hint: "Add --targets with a file, a pattern or a query, or leave the option out.",
  });
}

function wholeNumber(option: string, text: string, to: number): number {
  const number = Number(text);
  if (/^\d{1,7}$/.test(text) && number >= 1 && number <= to) return number;
  throw new CliError("USAGE", {
    message: `${option} takes a whole number from 1 to ${to}, not "${text}".`,
    hint: `For example: ${option} 8`,
  });
}
