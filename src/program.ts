import { Command, Option } from "commander";
import { commands, type CommandEntry } from "./commands.ts";
import type { Action, ActionRunner, GlobalOptions } from "./context.ts";
import { toolVersion } from "./core/tool-version.ts";

/** Runs an action with the context that belongs to its options. */
export type RunAction = (
  options: GlobalOptions,
  action: (...contextAndOperands: Parameters<Action<object>>) => ReturnType<Action<object>>,
  rest: { readonly own: object; readonly operands: readonly string[] },
) => Promise<void>;

/** Builds the command tree. */
export function createProgram(runAction: RunAction): Command {
  const program = new Command("doramaflix-db")
    .description(
      "Migrations, partitions, materialized views and slow-query reports for PostgreSQL 15 to 18.",
    )
    .version(toolVersion(), "-V, --version", "print the version")
    .addOption(
      new Option("--url <url>", "where the database is (or DATABASE_URL, or PGHOST and its kin)"),
    )
    .addOption(
      new Option(
        "--project <folder>",
        "the folder with migrations/, functions/, views/ and seeds/ (default: here)",
      ),
    )
    .addOption(new Option("--json", "print the result as one JSON document"))
    .helpOption("-h, --help", "print this text")
    .helpCommand(false)
    .showSuggestionAfterError();
  const run: ActionRunner =
    (action) =>
    async (...given: unknown[]) => {
      // commander hands over the operands, the command's own options and the command.
      const command = given.at(-1) as Command;
      const operands = given.slice(0, -2).flat() as string[];
      await runAction(command.optsWithGlobals(), action as Action<object>, {
        own: command.opts(),
        operands,
      });
    };
  addCommands(program, commands, run);
  return program;
}

/** Adds commands that are loaded when they are called. */
function addCommands(parent: Command, entries: readonly CommandEntry[], run: ActionRunner): void {
  for (const { name, summary } of entries) parent.command(name).summary(summary);
  parent.hook("preSubcommand", async (_parent, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    command.copyInheritedSettings(parent);
    if (entry === undefined) return;
    if ("commands" in entry) {
      command.description(entry.description).helpCommand(false);
      addCommands(command, entry.commands, run);
      return;
    }
    // Every command needs the context too; loading both at once saves waiting for the disk.
    const [loaded] = await Promise.all([entry.load(), import("./create-context.ts")]);
    loaded.configure(command, run);
  });
}
