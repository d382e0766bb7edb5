import { join } from "node:path";
import type { ConfigFile } from "./config-file-schema.ts";
import { refuse, type Problem } from "./problems.ts";
import { readTextFile } from "./text-file.ts";

export const configFileName = "doramaflix-db.json";

/** Returns what the project's config file says; an empty object when there is no such file. */
export async function readConfigFile(project: string): Promise<ConfigFile> {
  const path = join(project, configFileName);
  const problems: Problem[] = [];
  const text = readTextFile(path, problems);
  refuse(problems);
  if (text === undefined) return {};
  const json = parseJson(text);
  if (json === undefined) refuse([invalidJson(path, text)]);
  // zod takes about 45 ms to load, which a start without a config file need not pay.
  const { checkConfigFile } = await import("./config-file-schema.ts");
  const checked = checkConfigFile(json, path);
  refuse(checked.problems);
  return checked.file;
}

/** Returns undefined for a text that is not JSON, which no JSON text means. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The error repeats a piece of the text, in which a password may stand.
    return undefined;
  }
}

function invalidJson(path: string, text: string): Problem {
  const empty = text.trim() === "" ? " It is empty." : "";
  return {
    message: `The config file "${path}" is not valid JSON.${empty}`,
    hint: 'Write an object such as { "url": "postgres://user@host:5432/database" }, without comments and trailing commas.',
  };
}
