import { readFileSync } from "node:fs";
import type { Problem } from "./problems.ts";

/** Returns the file's text, without a byte order mark, or undefined when there is no such file; whatever else prevents reading it is a problem. */
export function readTextFile(path: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    problems.push({
      message: `The file "${path}" cannot be read (${systemCode(error)}).`,
      hint: "Make it a plain file that you are allowed to read.",
    });
    return undefined;
  }
}

/** Returns whether a system call failed because there is nothing at that path. */
export function isAbsence(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(systemCode(error));
}

/** Returns the operating system's name for an error, such as "EACCES". */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown error";
}
