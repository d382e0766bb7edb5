import { isBlank, skipBlank } from "../../core/comments.ts";
import { invalidFile } from "../../core/invalid-file.ts";
import type { SourceText } from "../../core/source-text.ts";

/** A line that begins a direction: where it begins, and where it ends. */
export interface Mark {
  readonly index: number;
  readonly end: number;
}

/** Returns the mark of the way up, before which there are comments only, and before that of the way down. */
export function markOfUp(
  source: SourceText,
  { up, down }: { readonly up: Mark | undefined; readonly down: Mark | undefined },
  line: string,
): Mark {
  if (up === undefined || (down !== undefined && down.index < up.index)) {
    throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
      index: down?.index ?? 0,
      message: `There is no line "${line}" before this.`,
      hint: "Put it before the statements of the migration.",
    });
  }
  const head = source.text.slice(0, up.index);
  if (isBlank(head)) return up;
  throw invalidFile("IMPORT_FILES_UNUSABLE", source, {
    index: skipBlank(head),
    message: `A statement stands before the line "${line}".`,
    hint: "Move it below that line.",
  });
}
