import type { Command } from "commander";
import { suggest } from "../config/suggest.ts";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { withWords } from "../core/option-values.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { readTree } from "./read-tree.command.ts";
import type { CompletionResult } from "./results.ts";
import { zshScript } from "./zsh.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
const shells = Object.keys(scripts) as (keyof typeof scripts)[];

/** Declares `completion`; `loadProgram` returns the whole command tree. */
export function configure(
  command: Command,
  run: ActionRunner,
  loadProgram: () => Promise<Command>,
): void {
  command
    .description(
      "Prints a script with which the shell completes commands, options and their values. It is made from the commands of " +
        "this version, and does not start the program when you press the Tab key. Asks no database.",
    )
    .addArgument(withWords(command.createArgument("<shell>", "the shell that reads it"), shells))
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db completion bash > ~/.local/share/bash-completion/completions/doramaflix-db
  doramaflix-db completion zsh > ~/.zfunc/_doramaflix-db
  doramaflix-db completion fish > ~/.config/fish/completions/doramaflix-db.fish`,
    )
    .action(
      run(async (context, _options, given = "") => {
        const shell = readShell(given);
        const script = scripts[shell](readTree(await loadProgram()));
        context.output.result<CompletionResult>({ shell, script }, (result) =>
          result.script.trimEnd(),
        );
        return ExitCode.done;
      }),
    );
}

function readShell(given: string): keyof typeof scripts {
  const shell = shells.find((each) => each === given);
  if (shell !== undefined) return shell;
  throw new CliError("USAGE", {
    message: `There is no completion for "${given}".`,
    hint: `${suggest(given, shells)} There is one for ${shells.join(", ")}.`.trim(),
  });
}
