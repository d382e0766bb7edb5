import { resolve } from "node:path";
import type { ConfigInputs } from "./inputs.ts";
import { refuse, type Problem } from "./problems.ts";
import { readTextFile } from "./text-file.ts";

/** Where the connection is described. */
export interface ConnectionSource {
  /** As the user knows it: "--url", a variable's name, or the config file's name. */
  readonly name: string;
  /** A URI or keyword string; undefined when the PG* variables alone describe the connection. */
  readonly text: string | undefined;
  /** Takes the place of the database that the connection itself would name. */
  readonly database?: string;
}

export interface UrlFromFile {
  readonly name: string;
  readonly url: string;
}

/** Variables that say which server is meant; they outrank the config file. */
const serverVariables = ["PGSERVICE", "PGHOST", "PGHOSTADDR"];

/**
 * Variables that say only what to do on a server. They fill the gaps of a config file's url rather
 * than hiding it; but whoever sets one and has no url means a server of their own, not the embedded one.
 */
const detailVariables = ["PGPORT", "PGDATABASE", "PGUSER"];

/**
 * Returns the first source that is set: --url, DATABASE_URL or DATABASE_URL_FILE, the PG* variables, the config file;
 * undefined when none is.
 */
export function chooseSource(
  inputs: ConfigInputs,
  fromFile: UrlFromFile | undefined,
): ConnectionSource | undefined {
  const { flags, env } = inputs;
  if (flags.url !== undefined) {
    refuseEmpty(flags.url);
    return { name: "--url", text: flags.url };
  }
  const secret = secretSource(inputs);
  if (secret !== undefined) return secret;
  if (env["DATABASE_URL"]?.trim()) return { name: "DATABASE_URL", text: env["DATABASE_URL"] };
  const server = serverVariables.find((name) => env[name]);
  if (server !== undefined) return { name: server, text: undefined };
  if (fromFile !== undefined) return { name: fromFile.name, text: fromFile.url };
  const detail = detailVariables.find((name) => env[name]);
  return detail === undefined ? undefined : { name: detail, text: undefined };
}

/** An empty flag is most often a variable that the shell did not know; falling through would migrate another database. */
function refuseEmpty(url: string): void {
  if (url.trim() !== "") return;
  refuse([
    {
      message: 'The value of "--url" is empty.',
      hint: 'Give a URL such as "postgres://user@host:5432/database", or leave the option out.',
    },
  ]);
}

/**
 * Returns the address in the file that DATABASE_URL_FILE names: where Docker and Kubernetes put a secret. A file that is
 * missing or empty is a secret that was not mounted; falling through would reach another database.
 */
function secretSource({ env, cwd }: ConfigInputs): ConnectionSource | undefined {
  const given = env["DATABASE_URL_FILE"]?.trim();
  if (!given) return undefined;
  const problems: Problem[] = [];
  if (env["DATABASE_URL"]?.trim()) {
    problems.push({
      message: "Both DATABASE_URL and DATABASE_URL_FILE are set.",
      hint: "Set one of them: they may name different databases.",
    });
  }
  const path = resolve(cwd, given);
  const text = readTextFile(path, problems)?.trim() ?? "";
  if (text === "" && problems.length === 0) {
    problems.push({
      message: `The file "${path}" from "DATABASE_URL_FILE" is missing or empty.`,
      hint: 'Let it hold a URL such as "postgres://user@host:5432/database".',
    });
  }
  refuse(problems);
  return { name: "DATABASE_URL_FILE", text };
}
