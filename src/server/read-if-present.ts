import { readFileSync } from "node:fs";

import { systemErrorCode } from "./failure.ts";

/** Returns the text of a file without the white space around it; undefined where there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
