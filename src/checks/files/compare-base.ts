import { sourceTextOf } from "../../core/source-text.ts";
import type { MigrationFile } from "../../project/migration-file.ts";
import { compareVersions, nextNumber, parseFileName, type Version } from "../../project/version.ts";
import { atFile } from "../found.ts";
import type { Found } from "../results.ts";
import { changedFiles, filesOf, textIn, type Base, type Repository } from "./git.ts";

/** How the migrations of a branch stand to those of the branch that it goes into. */
export interface Comparison {
  /** The names of migrations that the base branch does not have. */
  readonly added: ReadonlySet<string>;
  readonly found: readonly Found[];
}

const folder = "migrations";

/**
 * Compares the files with the base branch, where every migration counts as applied: none may be changed, renamed or
 * missing, and new ones come behind all of them. What has been added there since this branch left it is taken into account.
 */
export async function compareWithBase(
  repository: Repository,
  base: Base,
  migrations: readonly MigrationFile[],
): Promise<Comparison> {
  const [before, now, changed] = await Promise.all([
    filesOf(repository, base.fork, folder),
    filesOf(repository, base.tip, folder),
    changedFiles(repository, base.fork, folder),
  ]);
  const present = new Map(migrations.map((file) => [file.source.path, file]));
  const added = migrations.filter(({ source }) => !before.includes(source.path));
  const touched = changed.filter((path) => before.includes(path));
  const changes = await Promise.all(
    touched.map(async (path) => {
      const file = present.get(path);
      // As the ledger compares: line endings and byte-order marks do not count.
      const { checksum } = sourceTextOf(path, await textIn(repository, base.fork, path));
      if (file !== undefined)
        return file.source.checksum === checksum ? undefined : changedMigration(path, base);
      const renamed = added.find(({ source }) => source.checksum === checksum);
      return goneMigration(path, renamed?.source.path, base);
    }),
  );
  return {
    added: new Set(added.map(({ version }) => version.name)),
    found: [
      ...changes.filter((each) => each !== undefined),
      ...misplaced(added, versionsOf(now), base),
    ],
  };
}

function versionsOf(paths: readonly string[]): Version[] {
  return paths
    .map((path) => parseFileName(path.slice(folder.length + 1)))
    .filter((version) => version !== undefined);
}

function changedMigration(path: string, { tip }: Base): Found {
  return {
    ...atFile(path),
    rule: "migration-changed",
    level: "error",
    message: `This migration is on ${tip.name} with another text. Where it is applied already, the change never arrives, and "migrate" refuses to go on.`,
    cure: `Restore it, "git checkout ${tip.name} -- ${path}", and put the change into a new migration.`,
  };
}

function goneMigration(path: string, renamed: string | undefined, base: Base): Found {
  const { name } = base.tip;
  if (renamed !== undefined) {
    return {
      ...atFile(renamed),
      rule: "migration-renamed",
      level: "error",
      message: `This migration is on ${name} as ${path}. The name is what databases have recorded.`,
      cure: `Give it its old name back: "git mv ${renamed} ${path}".`,
    };
  }
  return {
    ...atFile(path),
    rule: "migration-missing",
    level: "error",
    message: `${name} has this migration, and here it is missing. Where it is applied already, "migrate" refuses to go on.`,
    cure: base.isShallow
      ? `The clone does not reach back to where this branch left ${name}: it may just be older than the migration. Otherwise restore the file, and undo the migration in a new one.`
      : `Restore it, "git checkout ${name} -- ${path}", and undo it in a new migration.`,
  };
}

/** New migrations whose number the base branch has given away already, or has left behind. */
function misplaced(
  added: readonly MigrationFile[],
  onBase: readonly Version[],
  { tip }: Base,
): Found[] {
  const newest = onBase.toSorted(compareVersions).at(-1);
  const own = added.filter(({ version }) => onBase.every(({ name }) => name !== version.name));
  return own.flatMap(({ version, source }) => {
    const isTaken = onBase.some(({ number }) => number === version.number);
    const isLate = newest !== undefined && compareVersions(version, newest) < 0;
    if (!isTaken && !isLate) return [];
    const names = [...onBase, ...added.map((each) => each.version)].map(({ name }) => name);
    const number = nextNumber(names);
    return [
      {
        ...atFile(source.path),
        rule: isTaken ? "number-taken" : "out-of-order",
        level: "error",
        message: isTaken
          ? `${tip.name} has another migration with the number ${version.number}.`
          : `${tip.name} has the newer migration ${newest?.name ?? ""}, which may be applied before this one is.`,
        cure: `Give it the next free number: "git mv ${source.path} ${folder}/${version.name.replace(/^\d+/, number)}.sql".`,
      } satisfies Found,
    ];
  });
}
