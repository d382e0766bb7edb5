import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../../core/errors.ts";
import { unifiedDiff } from "../../core/text-diff.ts";
import type { Schema } from "./read-schema.ts";
import type { SnapshotResult } from "./results.ts";
import { schemaText } from "./schema-text.ts";

/** The name of the file, in the folder of the project. */
export const snapshotName = "schema.sql";

export function snapshotPath(project: string): string {
  return join(project, snapshotName);
}

/** Reads a file that was written before, with line endings as LF; undefined where there is none. */
export function readSnapshot(path: string): string | undefined {
  try {
    return withLineFeeds(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw snapshotProblem(path, "read", error);
  }
}

function withLineFeeds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

export function snapshotProblem(path: string, verb: "read" | "written", error: unknown): CliError {
  return new CliError("SNAPSHOT_INVALID", {
    message: `The snapshot "${path}" cannot be ${verb}.`,
    detail: error instanceof Error ? error.message : String(error),
    hint: "Name a file in a folder where you may write with --output.",
    cause: error,
  });
}

/** The major version of the server that wrote a file; undefined where the file does not say it. */
export function snapshotMajor(text: string): string | undefined {
  return /^-- .*; PostgreSQL (\d+)\.$/m.exec(text)?.[1];
}

/** Says whether a file is what a schema is written as. */
export function compareSnapshot(
  file: string | undefined,
  schema: Schema,
): Pick<SnapshotResult, "state" | "diff"> {
  // A string of the schema may have line ends of its own, which the file has lost with the others.
  const text = withLineFeeds(schemaText(schema));
  if (file === undefined) return { state: "absent", diff: "" };
  return { state: file === text ? "current" : "stale", diff: unifiedDiff(file, text) };
}
