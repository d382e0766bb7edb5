import { invalidFile } from "../core/invalid-file.ts";
import type { SourceText } from "../core/source-text.ts";

/** What a file says of its backfill in lines before the statement. */
export interface Directives {
  readonly table?: string;
  readonly key?: string;
}

/** A line of its own; as SQL it is a comment. */
const directiveLine = /^--[ \t]*backfill:(\S*)[ \t]*([^\n]*)$/gm;

/** Reads the directives of a file; throws BACKFILL_FILE_INVALID. */
export function readDirectives(source: SourceText): Directives {
  const directives: { table?: string; key?: string } = {};
  for (const { index, 1: word = "", 2: rest = "" } of source.text.matchAll(directiveLine)) {
    const value = rest.trim();
    const problem = problemOf(word, value);
    if (problem !== undefined)
      throw invalidFile("BACKFILL_FILE_INVALID", source, { index, ...problem });
    if (word === "table") directives.table = value;
    else directives.key = value;
  }
  return directives;
}

function problemOf(
  word: string,
  value: string,
): { readonly message: string; readonly hint: string } | undefined {
  if (word !== "table" && word !== "key") {
    return {
      message: `There is no directive "-- backfill:${word}".`,
      hint: "Write -- backfill:table NAME, or -- backfill:key COLUMN.",
    };
  }
  if (value !== "") return undefined;
  return {
    message: `"-- backfill:${word}" names nothing.`,
    hint: word === "table" ? "Write -- backfill:table NAME." : "Write -- backfill:key COLUMN.",
  };
}
