import { statSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../core/errors.ts";
import type { ConfigInputs } from "./inputs.ts";
import { isAbsence, systemCode } from "./text-file.ts";

const variable = "DORAMAFLIX_DB_PROJECT";

/** Returns the absolute path of the project folder, which exists: --project, else DORAMAFLIX_DB_PROJECT, else the current folder. */
export function findProject({ flags, env, cwd }: ConfigInputs): string {
  const { given, source } = chooseFolder(flags.project, env[variable]);
  if (given === "") throw notFound('The value of "--project" is empty.');
  const project = resolve(cwd, given);
  const problem = folderProblem(project);
  if (problem === undefined) return project;
  throw notFound(`The project folder "${project}"${source} ${problem}.`);
}

function folderProblem(path: string): string | undefined {
  try {
    return statSync(path).isDirectory() ? undefined : "is not a folder";
  } catch (error) {
    return isAbsence(error) ? "does not exist" : `cannot be opened (${systemCode(error)})`;
  }
}

function chooseFolder(
  flag: string | undefined,
  fromEnvironment: string | undefined,
): { given: string; source: string } {
  if (flag !== undefined) return { given: flag, source: ' from "--project"' };
  if (fromEnvironment) return { given: fromEnvironment, source: ` from "${variable}"` };
  return { given: ".", source: "" };
}

function notFound(message: string): CliError {
  return new CliError("PROJECT_NOT_FOUND", {
    message,
    hint: `Give the folder that holds "migrations", "functions" and "views" with "--project" or in "${variable}".`,
  });
}
