import type { Argument, Command, Option } from "commander";
import type { CompletedCommand, CompletedOption, Values } from "./tree.ts";

/** Reads what can be completed from a command tree that is wholly loaded; the options of the program belong to each command. */
export function readTree(
  command: Command,
  path: readonly string[] = [],
  inherited: readonly CompletedOption[] = [],
): CompletedCommand {
  const own = command.createHelp().visibleOptions(command).map(readOption);
  const global = path.length === 0 ? own.filter(({ names }) => !names.includes("--version")) : [];
  const [operand] = command.registeredArguments;
  return {
    path,
    summary: command.summary(),
    options: [...own, ...inherited.filter(({ names }) => !names.includes("--help"))],
    operands: operand && readArgument(operand),
    commands: command.commands.map((each) =>
      readTree(each, [...path, each.name()], [...inherited, ...global]),
    ),
  };
}

function readOption({ short, long, flags, description, argChoices }: Option): CompletedOption {
  const [, placeholder] = /[<[](.*?)[\]>]/.exec(flags) ?? [];
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    values: placeholder === undefined ? undefined : valuesOf(placeholder, argChoices),
  };
}

function readArgument(argument: Argument): Values {
  return valuesOf(argument.name(), argument.argChoices);
}

/** The placeholders of the help say where a path is meant. */
function valuesOf(placeholder: string, words: readonly string[] | undefined): Values {
  if (words !== undefined) return { kind: "words", words };
  const name = placeholder.replace("...", "");
  if (name === "file" || name === "path") return { kind: "file" };
  return { kind: name === "folder" ? "folder" : "any" };
}
