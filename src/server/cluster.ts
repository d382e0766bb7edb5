import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, chownSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { lastLines, serverFailure } from "./failure.ts";
import { createFolder } from "./fresh-folder.ts";
import type { Place } from "./place.ts";
import { writePrivateFile } from "./private-file.ts";
import { readIfPresent } from "./read-if-present.ts";
import type { Programs } from "./programs.ts";
import { runTool } from "./run-tool.ts";

/** The one database of the server, and the one role: a superuser, for the cluster serves nobody else. */
export const databaseName = "doramaflix";
export const roleName = "doramaflix";

/**
 * Tried in order until initdb knows the locale. ICU's root collation sorts every language sensibly.
 * LC_CTYPE must know letters beyond ASCII all the same: with "C", pg_trgm finds no trigram in
 * Korean text. Not every system has "C.UTF-8"; the last one is for a system without any locale.
 */
const locales = [
  ["--locale-provider=icu", "--icu-locale=und", "--locale=C", "--lc-ctype=C.UTF-8"],
  ["--locale-provider=icu", "--icu-locale=und", "--locale=C", "--lc-ctype=en_US.UTF-8"],
  ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
] as const;

/** Appended to postgresql.conf once, where the user may change them. */
const settings = `
# Settings of doramaflix-db
shared_preload_libraries = 'pg_stat_statements'
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off  # two lines at every stop, which is after every command
`;

/** Makes sure that a complete cluster of our major version lies in the place; says `announce` before making one. */
export async function ensureCluster(
  place: Place,
  programs: Programs,
  announce: () => void,
): Promise<void> {
  const major = readIfPresent(join(place.dataDirectory, "PG_VERSION"));
  if (major === programs.major) return;
  if (major !== undefined) throw otherMajor(place, { found: major, expected: programs.major });
  if (!isEmpty(place.folder)) throw incomplete(place);
  announce();
  await createFolder(place.folder, (fresh) =>
    fillFolder({ ...place, ...filesIn(fresh) }, programs),
  );
}

function isEmpty(folder: string): boolean {
  const exists = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  return !exists || readdirSync(folder).length === 0;
}

function filesIn(folder: string): Pick<Place, "folder" | "dataDirectory" | "passwordFile"> {
  return {
    folder,
    dataDirectory: join(folder, "data"),
    passwordFile: join(folder, "password"),
  };
}

async function fillFolder(place: Place, programs: Programs): Promise<void> {
  await createCluster(place, programs);
  writePrivateFile(
    join(place.folder, "project"),
    `${dirname(dirname(place.entry))}\n`,
    place.owner,
  );
  await createDatabase(place, programs);
}

/** Makes a cluster in an empty folder, without our database; `more` are further options of initdb. */
export async function createCluster(
  place: Place,
  programs: Programs,
  more: readonly string[] = [],
): Promise<void> {
  const { account, dataDirectory, folder, owner, passwordFile } = place;
  // Root keeps the folder itself, so that the account cannot replace the files root writes there.
  chmodSync(folder, account === owner ? 0o700 : 0o711);
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  mkdirSync(dataDirectory, { mode: 0o700 });
  if (account !== undefined) chownSync(dataDirectory, account.uid, account.gid);
  writePrivateFile(passwordFile, `${randomBytes(24).toString("base64url")}\n`, account);
  await initialise(place, programs, more);
  appendFileSync(join(dataDirectory, "postgresql.conf"), settings);
}

async function initialise(
  place: Place,
  programs: Programs,
  more: readonly string[],
): Promise<void> {
  let output = "";
  for (const locale of locales) {
    const args = [
      `--pgdata=${place.dataDirectory}`,
      `--username=${roleName}`,
      `--pwfile=${place.passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-instructions",
      ...more,
      ...locale,
    ];
    const result = await runTool({ file: programs.initdb, args, account: place.account });
    if (result.succeeded) return;
    output = result.output;
    if (!output.includes("invalid locale name")) break;
  }
  throw cannotCreate(output);
}

/** Works without a running server, so nobody can see the cluster before it has its database. */
async function createDatabase(place: Place, programs: Programs): Promise<void> {
  const { output, succeeded } = await runTool({
    file: programs.postgres,
    args: ["--single", "-D", place.dataDirectory, "postgres"],
    input: `create database ${databaseName}\n`,
    account: place.account,
  });
  // A single-user server ends with status 0 whatever became of its statements.
  if (!succeeded || output.includes("ERROR:")) throw cannotCreate(output);
}

function cannotCreate(output: string): Error {
  return serverFailure("The embedded server's data directory could not be created.", {
    detail: lastLines(output),
  });
}

function otherMajor(place: Place, { found, expected }: { found: string; expected: string }): Error {
  return serverFailure(
    `The data directory "${place.dataDirectory}" was made by PostgreSQL ${found}, and the embedded server is PostgreSQL ${expected}.`,
    {
      hint: `Dump it with PostgreSQL ${found} if you need its data, then delete "${place.folder}" to begin with an empty server.`,
    },
  );
}

function incomplete(place: Place): Error {
  return serverFailure(`"${place.dataDirectory}" is not a complete PostgreSQL data directory.`, {
    detail: "Its file PG_VERSION is missing.",
    hint: `Restore the folder from a backup, or delete "${place.folder}" to begin with an empty server.`,
  });
}
