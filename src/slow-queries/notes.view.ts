import type { Page } from "../output/output.ts";
import type { Note } from "./results.ts";

/** Shows what must be known, each with what changes it. */
export function notesText(notes: readonly Note[], { style }: Page): string[] {
  if (notes.length === 0) return [];
  return [
    notes
      .map(({ message, cure }) =>
        [
          `${style.attention("note:")} ${message}`,
          ...(cure?.split("\n") ?? []).map((line) => `  ${line}`),
        ].join("\n"),
      )
      .join("\n"),
  ];
}
