/** What can stand in a place of the command line: one of some words, a path, or what only the user knows. */
export type Values =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "file" | "folder" | "any" };

export interface CompletedOption {
  /** As they are typed: "-h", "--help". */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined for a flag. */
  readonly values: Values | undefined;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** The words that lead to it, behind the program's name. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Of its operands; undefined for a command that takes none. */
  readonly operands: Values | undefined;
  readonly commands: readonly CompletedCommand[];
}

/** Returns a command and all below it. */
export function withDescendants(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

/** The options of the program before a command's name that are followed by a value, which is not to be taken for one. */
export function optionsWithValue({ options }: CompletedCommand): string[] {
  return options.flatMap(({ names, values }) => (values === undefined ? [] : names));
}
