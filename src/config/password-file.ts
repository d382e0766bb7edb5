import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Endpoint } from "./endpoints.ts";
import type { ConfigInputs } from "./inputs.ts";
import type { Settings } from "./parameters.ts";
import type { Findings } from "./problems.ts";
import { isAbsence, readTextFile } from "./text-file.ts";

/** What a line of the password file has to match, one search for each endpoint. */
export interface PasswordSearch {
  readonly endpoints: readonly Endpoint[];
  readonly database: string;
  readonly user: string;
}

/** Returns the path of the password file that the settings name, or the one in the home folder. */
export function passwordFile(settings: Settings, { cwd, home }: ConfigInputs): string {
  const given = settings.get("passfile")?.value;
  return given ? resolve(cwd, given) : join(home, ".pgpass");
}

/** Returns the password of the first line that matches, by libpq's rules (passwordFromFile in fe-connect.c). */
export function findPassword(
  file: string,
  { endpoints, database, user }: PasswordSearch,
  findings: Findings,
): string | undefined {
  if (!isUsable(file, findings)) return undefined;
  const lines = (readTextFile(file, findings.problems) ?? "").split("\n");
  const found = endpoints.map((endpoint) =>
    firstMatch(
      lines,
      hostNames(endpoint).map((host) => [host, String(endpoint.port), database, user]),
    ),
  );
  if (new Set(found).size > 1) {
    // One password is sent to every host; a host must not be sent what is meant for another.
    findings.problems.push({
      message: `The password file "${file}" does not have the same password for all hosts.`,
      hint: "Give the hosts the same password there, or name one host only.",
    });
  }
  return found[0];
}

function isUsable(file: string, { problems, warnings }: Findings): boolean {
  try {
    const status = statSync(file);
    if (!status.isFile()) {
      warnings.push(`The password file "${file}" is ignored: it is not a plain file.`);
      return false;
    }
    if ((status.mode & 0o077) !== 0) {
      warnings.push(
        `The password file "${file}" is ignored: others can read it. Run: chmod 0600 "${file}"`,
      );
      return false;
    }
    return true;
  } catch (error) {
    // Anything else than absence is told by the reader, which meets it again.
    if (!isAbsence(error)) readTextFile(file, problems);
    return false;
  }
}

/** libpq's default socket folder depends on who built it: upstream /tmp, distributions /var/run/postgresql. */
const defaultSocketFolders = new Set(["/tmp", "/run/postgresql", "/var/run/postgresql"]);

/** Returns the names under which the password file may know the host. */
function hostNames({ name, host }: Endpoint): string[] {
  const known = name ?? host;
  return defaultSocketFolders.has(known) ? ["localhost", known] : [known];
}

/** Returns the password of the first line that matches one of the alternatives; an empty one is none. */
function firstMatch(
  lines: readonly string[],
  alternatives: readonly (readonly string[])[],
): string | undefined {
  for (const line of lines) {
    if (line.startsWith("#")) continue;
    for (const fields of alternatives) {
      const password = matchFields(line.replace(/\r$/, ""), fields);
      if (password !== undefined) return password.replace(/\\([^])/g, "$1") || undefined;
    }
  }
  return undefined;
}

function matchFields(line: string, fields: readonly string[]): string | undefined {
  let rest: string | undefined = line;
  for (const wanted of fields) {
    rest = rest === undefined ? undefined : afterField(rest, wanted);
  }
  return rest;
}

/**
 * Returns what follows the first field when it is "*" or the wanted text, with or without backslashes.
 * As in libpq, a colon inside the wanted text needs no backslash, so that "::1" may stand as it is.
 */
function afterField(text: string, wanted: string): string | undefined {
  if (text.startsWith("*:")) return text.slice(2);
  let position = 0;
  for (let index = 0; index < wanted.length; index += 1) {
    if (text[position] === "\\") position += 1;
    if (text[position] !== wanted[index]) return undefined;
    position += 1;
  }
  return text[position] === ":" ? text.slice(position + 1) : undefined;
}
