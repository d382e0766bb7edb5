import type { Context } from "../../context.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";
import type { Report } from "../report.ts";
import { compareWithBase } from "./compare-base.ts";
import { findBase, folderInRepository } from "./git.ts";
import { readFiles } from "./read-files.ts";

export interface CheckedFiles {
  readonly migrations: readonly CheckedMigration[];
  /** The names of those that the base branch does not have; without one, of all. */
  readonly tried: ReadonlySet<string>;
  /** Where the project lies in its repository. */
  readonly folder: string;
  /** False where "migrate" would refuse them. */
  readonly areUsable: boolean;
}

/** Reads the files of the project and compares them with the base branch, if one is given. Throws BASE_UNUSABLE. */
export async function checkFiles(
  { config, signal }: Pick<Context, "config" | "signal">,
  base: string | null,
  report: Report,
): Promise<CheckedFiles> {
  const repository = { folder: config.project, signal };
  const compared = base === null ? undefined : await findBase(repository, base);
  const [folder, { migrations, found }] = await Promise.all([
    folderInRepository(repository),
    readFiles(config.project, config.variables),
  ]);
  report.add("files", found);
  const comparison =
    compared === undefined ? undefined : await compareWithBase(repository, compared, migrations);
  report.add("files", comparison?.found ?? []);
  return {
    migrations,
    tried: comparison?.added ?? new Set(migrations.map(({ version }) => version.name)),
    folder,
    areUsable: found.length === 0,
  };
}
