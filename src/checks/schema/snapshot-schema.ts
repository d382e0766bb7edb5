import { writeFile } from "node:fs/promises";
import type { Context, PostgresMajor } from "../../context.ts";
import { buildSchema, knownMajor } from "./build-schema.ts";
import { readSchema } from "./read-schema.ts";
import type { SnapshotResult } from "./results.ts";
import { schemaText } from "./schema-text.ts";
import {
  compareSnapshot,
  readSnapshot,
  snapshotMajor,
  snapshotPath,
  snapshotProblem,
} from "./snapshot.ts";

export interface SnapshotInput {
  /** Undefined: schema.sql in the folder of the project. */
  readonly output: string | undefined;
  /** Undefined: the version that wrote the file before. */
  readonly postgres: PostgresMajor | undefined;
  /** Where the schema is taken from. */
  readonly source: "project" | "database";
  /** "check": only say whether the file is as it would be written. */
  readonly mode: "write" | "check";
}

/** Writes the schema that the project makes, or the one that a database has, into one file; or looks whether it is there. */
export async function snapshotSchema(
  context: Pick<Context, "config" | "withDatabase" | "withScratchServer">,
  { output, postgres, source, mode }: SnapshotInput,
): Promise<SnapshotResult> {
  const path = output ?? snapshotPath(context.config.project);
  const file = readSnapshot(path);
  const version = postgres ?? knownMajor(file === undefined ? undefined : snapshotMajor(file));
  const schema =
    source === "database"
      ? await context.withDatabase(async (database) => readSchema(database))
      : await buildSchema(context, { postgres: version, setup: undefined });
  const compared = compareSnapshot(file, schema);
  const isToBeWritten = mode === "write" && compared.state !== "current";
  if (isToBeWritten) {
    await writeFile(path, schemaText(schema)).catch((error: unknown) => {
      throw snapshotProblem(path, "written", error);
    });
  }
  return {
    file: path,
    serverVersion: schema.facts.version,
    objects: schema.objects.length,
    ...compared,
    ...(isToBeWritten && { state: "written" }),
  };
}

/** True when the file is to be written anew, and was not. */
export function isStale({ state }: SnapshotResult): boolean {
  return state === "stale" || state === "absent";
}
