import { createHash } from "node:crypto";
import { CliError } from "../../../src/core/errors.ts";
import { parseMigrationFile, type MigrationFile } from "../../../src/project/migration-file.ts";
import type { SourceText } from "../../../src/core/source-text.ts";
import { parseVersion } from "../../../src/project/version.ts";

/** A file as readSourceText returns it, without the file. */
export function sourceOf(path: string, text: string): SourceText {
  const digest = createHash("sha256").update(text).digest("hex");
  return { path, text, checksum: `sha256:${digest}` };
}

/** A migration as it is read from a file of that name. */
export function migrationOf(
  name: string,
  text = "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n",
): MigrationFile {
  const version = parseVersion(name);
  if (version === undefined) throw new Error(`"${name}" has no number.`);
  return parseMigrationFile(version, sourceOf(`migrations/${name}.sql`, text));
}

/** Returns the error that a function throws for the user. */
export function errorOf(run: () => unknown): CliError {
  try {
    run();
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

/** Takes the mark "¤" out of a text, and says where it was: its line, and its column in code points. */
export function takeMark(text: string): { text: string; line: number; column: number } {
  const [before = ""] = text.split("¤", 1);
  const lines = before.split("\n");
  const column = Array.from(lines.at(-1) ?? "").length + 1;
  return { text: text.replace("¤", ""), line: lines.length, column };
}
