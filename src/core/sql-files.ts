import { readdirSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "./errors.ts";

/** Lists the .sql files of a folder of a project, in the order of their names; undefined when there is no such folder. */
export function sqlFilesIn(folder: string, name: string): string[] | undefined {
  try {
    const entries = readdirSync(join(folder, name));
    return entries.filter((entry) => entry.endsWith(".sql")).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CliError("PROJECT_NOT_FOUND", {
      message: `Cannot read the folder "${join(folder, name)}".`,
      detail: (error as Error).message,
      hint: "Make it a folder that you may read, or name another project with --project.",
      cause: error,
    });
  }
}
