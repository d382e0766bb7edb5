import { quoteIdentifier } from "./identifiers.ts";

/** Adds a library to a value of shared_preload_libraries, as ALTER SYSTEM takes it; names may be quoted already. */
export function withLibrary(present: string, library: string): string {
  return [...present.split(","), library]
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => (each.startsWith('"') ? each : quoteIdentifier(each)))
    .join(", ");
}

/** Stands for the value where a role may not read it. */
export const unknownLibraries = "…what it has now…";
