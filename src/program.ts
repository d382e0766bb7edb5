import { Command, Option } from "commander";
import { commands, type CommandEntry, type LoadProgram } from "./commands.ts";
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
  addCommands(program, commands, loadingFor(runAction));
  return program;
}

/** Builds the command tree with every command loaded, for who has to know them all. */
export async function loadProgram(runAction: RunAction): Promise<Command> {
  const program = createProgram(runAction);
  await loadCommands(program, commands, loadingFor(runAction));
  return program;
}

interface Loading {
  readonly run: ActionRunner;
  readonly loadProgram: LoadProgram;
}

function loadingFor(runAction: RunAction): Loading {
  return {
    run:
      (action) =>
      async (...given: unknown[]) => {
        // commander hands over the operands, the command's own options and the command.
        const command = given.at(-1) as Command;
        const operands = given.slice(0, -2).flat() as string[];
        await runAction(command.optsWithGlobals(), action as Action<object>, {
          own: command.opts(),
          operands,
        });
      },
    loadProgram: async () => loadProgram(runAction),
  };
}

/** Adds commands that are loaded when they are called. */
function addCommands(parent: Command, entries: readonly CommandEntry[], loading: Loading): void {
  for (const { name, summary } of entries) parent.command(name).summary(summary);
  parent.hook("preSubcommand", async (_parent, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    if (entry !== undefined) await loadCommand(command, entry, loading);
  });
}

async function loadCommand(command: Command, entry: CommandEntry, loading: Loading): Promise<void> {
  if (command.parent !== null) command.copyInheritedSettings(command.parent);
  if ("commands" in entry) {
    command.description(entry.description).helpCommand(false);
    addCommands(command, entry.commands, loading);
    return;
  }
  // Every command needs the context too; loading both at once saves waiting for the disk.
  const [loaded] = await Promise.all([entry.load(), import("./create-context.ts")]);
  loaded.configure(command, loading.run, loading.loadProgram);
}

async function loadCommands(
  parent: Command,
  entries: readonly CommandEntry[],
  loading: Loading,
): Promise<void> {
  for (const entry of entries) {
    const command = parent.commands.find((each) => each.name() === entry.name);
    if (command === undefined) continue;
    await loadCommand(command, entry, loading);
    if ("commands" in entry) await loadCommands(command, entry.commands, loading);
  }
}
