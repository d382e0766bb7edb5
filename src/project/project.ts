import { CliError } from "../core/errors.ts";
import { sqlFilesIn } from "../core/sql-files.ts";
import { parseMigrationFile, type MigrationFile } from "./migration-file.ts";
import { readSourceText, type SourceText } from "../core/source-text.ts";
import { compareVersions, parseFileName, type Version } from "./version.ts";

/** The files of a project: migrations read and in order, functions and views as texts. */
export interface Project {
  readonly migrations: readonly MigrationFile[];
  readonly functions: readonly SourceText[];
  readonly views: readonly SourceText[];
}

/** Reads all files of a project folder and checks their form; SQL is parsed later, and only where it will run. */
export function readProject(folder: string): Project {
  const migrations = sqlFilesIn(folder, "migrations");
  const functions = sqlFilesIn(folder, "functions");
  const views = sqlFilesIn(folder, "views");
  if (migrations === undefined && functions === undefined && views === undefined) {
    throw new CliError("PROJECT_NOT_FOUND", {
      message: `"${folder}" is not a project folder.`,
      detail: "It has none of the folders migrations/, functions/ and views/.",
      hint: "Go to the project's folder, name it with --project, or begin one with: doramaflix-db new NAME",
    });
  }
  const versions = (migrations ?? []).map((name) => versionOf(name)).toSorted(compareVersions);
  refuseDuplicates(versions);
  return {
    migrations: versions.map((version) => readMigration(folder, version)),
    functions: readTexts(folder, "functions", functions ?? []),
    views: readTexts(folder, "views", views ?? []),
  };
}

function versionOf(name: string): Version {
  const version = parseFileName(name);
  if (version !== undefined) return version;
  throw new CliError("MIGRATION_FILE_INVALID", {
    message: `"migrations/${name}" is not the name of a migration.`,
    detail: 'A name is a number, "_", and lower-case letters, digits and "_": 007_add_ratings.sql.',
    hint: "Rename the file, or move it out of migrations/.",
  });
}

function refuseDuplicates(versions: readonly Version[]): void {
  versions.forEach((version, place) => {
    const previous = versions[place - 1];
    if (previous?.number !== version.number) return;
    throw new CliError("MIGRATION_VERSION_DUPLICATE", {
      message: `Two migrations have the number ${version.number}.`,
      detail: `"${previous.name}.sql" and "${version.name}.sql": their order would be left to chance.`,
      hint: "Give the one that is applied nowhere yet the next free number.",
    });
  });
}

function readMigration(folder: string, version: Version): MigrationFile {
  const path = `migrations/${version.name}.sql`;
  return parseMigrationFile(version, readSourceText(folder, path, "MIGRATION_FILE_INVALID"));
}

function readTexts(folder: string, name: string, files: readonly string[]): SourceText[] {
  return files.map((file) => readSourceText(folder, `${name}/${file}`, "DEFINITION_FILE_INVALID"));
}
