import { shellQuoted } from "../core/shell-quote.ts";
import type { CompletedCommand, Values } from "./tree.ts";

/**
 * The words that lead to a command, each with a space before it: what the scripts of bash and zsh have in "$command" when
 * they have read them.
 */
export function commandPattern(path: readonly string[]): string {
  return shellQuoted(fullName(path));
}

/** The pattern for every command but the program itself. */
export function commandPatterns(all: readonly CompletedCommand[]): string {
  return all
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => commandPattern(path))
    .join(" | ");
}

/** A case for each option of a command that takes a value, for "$command $option"; `complete` offers the values. */
export function optionCases(
  { path, options }: CompletedCommand,
  complete: (values: Values) => string,
): string[] {
  return options.flatMap(({ names, values }) => {
    if (values === undefined) return [];
    const patterns = names.map((name) => shellQuoted(`${fullName(path)} ${name}`)).join(" | ");
    return [`        ${patterns}) ${complete(values)} ;;`];
  });
}

function fullName(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join("");
}
