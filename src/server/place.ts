import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readlinkSync, realpathSync, renameSync, statSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getuid } from "node:process";

import { type Account, folderOwner, isRoot, systemAccount } from "./account.ts";
import { serverFailure, systemErrorCode } from "./failure.ts";

/**
 * Where root's servers and their programs lie: the account that runs them could not reach a project
 * below a home that only its owner may enter.
 */
const systemFolder = "/var/lib/doramaflix-db";

/** The files of one project's server. */
export interface Place {
  /** The folder that holds all of them; it appears complete, by one rename. */
  readonly folder: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly passwordFile: string;
  /** Remembers the port, so that a URL stays valid from one run to the next. */
  readonly portFile: string;
  /** Present while "server start" asked to keep the server running. */
  readonly keepFile: string;
  /** Where programs are copied to, if they cannot run where the package manager put them. */
  readonly programsFolder: string;
  readonly account: Account | undefined;
  /** Who owns the folder and the files that only commands use, if it is not whoever runs this process. */
  readonly owner: Account | undefined;
  /** The project's own entry for its server: the folder itself, or a symbolic link to it. */
  readonly entry: string;
}

/** Returns where the project's server lies or would lie; creates nothing. */
export function locatePlace(project: string): Place {
  const root = realPath(project);
  const entry = join(root, ".doramaflix", "server");
  if (!isRoot()) {
    refuseForeignFolder(entry);
    return placeIn(entry, { entry, account: undefined, owner: undefined });
  }
  const owner = folderOwner(entry);
  // An ordinary user's server goes on running as that user.
  if (owner !== undefined && owner.uid !== 0) {
    return placeIn(entry, { entry, account: owner, owner });
  }
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return placeIn(join(systemFolder, name), { entry, account: systemAccount(), owner: undefined });
}

function realPath(project: string): string {
  try {
    return realpathSync(project);
  } catch (cause) {
    throw serverFailure(`The project folder "${project}" cannot be reached.`, {
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

function placeIn(folder: string, who: Pick<Place, "entry" | "account" | "owner">): Place {
  return {
    ...who,
    folder,
    dataDirectory: join(folder, "data"),
    logFile: join(folder, "server.log"),
    passwordFile: join(folder, "password"),
    portFile: join(folder, "port"),
    keepFile: join(folder, "keep-running"),
    programsFolder: join(who.account === undefined ? dirname(who.entry) : systemFolder, "programs"),
  };
}

function refuseForeignFolder(entry: string): void {
  const owner = statSync(entry, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || owner === getuid?.()) return;
  throw serverFailure("The embedded server of this project belongs to another account.", {
    detail: `"${entry}" belongs to the user with the id ${owner}.`,
    hint: `Run this command as that user, or delete "${entry}" to begin with an empty server of your own.`,
  });
}

/** Creates the folders around the server's own and keeps git away from them. */
export function preparePlace(place: Place): void {
  const hidden = dirname(place.entry);
  try {
    mkdirSync(hidden, { recursive: true });
    hideFromGit(place);
    if (place.folder === place.entry) return;
    mkdirSync(dirname(place.folder), { recursive: true, mode: 0o755 });
    pointTo(place);
  } catch (error) {
    throw serverFailure(`The embedded server's folder "${hidden}" could not be prepared.`, {
      detail: error instanceof Error ? error.message : String(error),
      hint: "Make the project folder writable for this user, or give the address of another server with --url or DATABASE_URL.",
      cause: error,
    });
  }
}

/** Keeps git away from the folder of the project that holds what is the server's. */
export function hideFromGit({ entry }: Pick<Place, "entry">): void {
  writeIfMissing(join(dirname(entry), ".gitignore"), "*\n");
}

function writeIfMissing(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
  }
}

/** Makes the project's entry a link to the server's folder; a link that came along with a copied project is replaced. */
function pointTo({ entry, folder }: Place): void {
  const present = lstatSync(entry, { throwIfNoEntry: false });
  if (present?.isDirectory() === true) {
    throw new Error(`"${entry}" belongs to root, and PostgreSQL refuses to run as root.`);
  }
  if (present?.isSymbolicLink() === true && readlinkSync(entry) === folder) return;
  const fresh = `${entry}.${process.pid}`;
  symlinkSync(folder, fresh);
  renameSync(fresh, entry);
}
