import { spawnSync } from "node:child_process";

/** How a run of psql ended. */
export interface PsqlResult {
  readonly exitCode: number | null;
  /** Rows only, with "|" between the columns. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs psql as a careful script does: without the user's settings, ending at the first error, and telling all of it. */
export function runPsql(
  url: string,
  what: { readonly args?: readonly string[]; readonly input?: string },
): PsqlResult {
  const quiet = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only"];
  const strict = ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=verbose"];
  const { PATH = "", HOME = "" } = process.env;
  const { status, stdout, stderr, error } = spawnSync(
    "psql",
    [...quiet, ...strict, `--dbname=${url}`, ...(what.args ?? [])],
    { input: what.input ?? "", encoding: "utf8", env: { PATH, HOME, LC_ALL: "C.UTF-8" } },
  );
  if (error !== undefined) throw error;
  return { exitCode: status, stdout, stderr };
}
