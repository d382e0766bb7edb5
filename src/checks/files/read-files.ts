import { loadSqlParser } from "../../core/sql-parser.ts";
import { readSourceText } from "../../core/source-text.ts";
import { sqlFilesIn } from "../../core/sql-files.ts";
import { checkMigrations, type CheckedMigration } from "../../project/check-migration.ts";
import { parseDefinitionFile } from "../../project/definition-file.ts";
import type { DefinitionKind } from "../../project/definition-names.ts";
import type { Variables } from "../../project/fill-variables.ts";
import { readMigration, readProject, versionOf } from "../../project/project.ts";
import { compareVersions } from "../../project/version.ts";
import { atFile, foundOf } from "../found.ts";
import type { Found } from "../results.ts";

/** The migrations that can be read, in order, and what is wrong with the files of the project. */
export interface ReadFiles {
  readonly migrations: readonly CheckedMigration[];
  readonly found: readonly Found[];
}

/** Reads and parses each file of a project for itself, so that one that is wrong hides no other. */
export async function readFiles(folder: string, variables: Variables): Promise<ReadFiles> {
  requireProject(folder);
  await loadSqlParser();
  const found: Found[] = [];
  const attempt = <Result>(file: string, read: () => Result): Result | undefined => {
    try {
      return read();
    } catch (error) {
      const each = foundOf(error, file);
      if (each === undefined) throw error;
      found.push(each);
      return undefined;
    }
  };
  const migrations = (sqlFilesIn(folder, "migrations") ?? [])
    .map((name) =>
      attempt(`migrations/${name}`, () =>
        checkMigrations([readMigration(folder, versionOf(name))], variables).at(0),
      ),
    )
    .filter((migration) => migration !== undefined)
    .toSorted((one, other) => compareVersions(one.version, other.version));
  for (const kind of ["function", "view"] satisfies DefinitionKind[]) {
    for (const name of sqlFilesIn(folder, `${kind}s`) ?? []) {
      const path = `${kind}s/${name}`;
      attempt(path, () =>
        parseDefinitionFile(readSourceText(folder, path, "DEFINITION_FILE_INVALID"), kind),
      );
    }
  }
  return { migrations, found: [...found, ...numberingOf(migrations)] };
}

/** Throws PROJECT_NOT_FOUND; what is wrong with single files is found later, all of it. */
function requireProject(folder: string): void {
  try {
    readProject(folder);
  } catch (error) {
    if (foundOf(error) === undefined) throw error;
  }
}

/** Numbers that two have, and those that leave a gap: a file was most likely left out of a commit. */
function numberingOf(migrations: readonly CheckedMigration[]): Found[] {
  return migrations.flatMap(({ version, source }, place): Found[] => {
    const before = migrations[place - 1]?.version;
    if (before?.number === version.number) {
      return [
        {
          ...atFile(source.path),
          rule: "number-twice",
          level: "error",
          message: `Migration ${before.name} has the number ${version.number} too: their order would be left to chance.`,
          cure: "Give the one that is applied nowhere yet the next free number.",
        },
      ];
    }
    const expected = (before?.number ?? 0n) + 1n;
    if (!version.counted || version.number <= expected) return [];
    return [
      {
        ...atFile(source.path),
        rule: "number-gap",
        level: "error",
        message: `There is no migration with the number ${version.number - 1n}; "migrate" refuses to leave a gap.`,
        cure: "Add the missing file (was it left out of a commit?), or give this one the next free number.",
      },
    ];
  });
}
