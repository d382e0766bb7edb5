import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { migrate } from "./migrate.ts";
import { migrateView } from "./migrate.view.ts";
import { addRunOptions, readRunOptions, type GivenRunOptions } from "./run-options.ts";

interface MigrateOptions extends GivenRunOptions {
  readonly to?: string;
  readonly dryRun?: true;
}

/** Declares `migrate`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Applies all pending migrations in order, then every file of functions/ and views/ that has changed.\n\n" +
        "All files are read and checked before the first statement runs. Each migration is a transaction of its own " +
        "with its row in the ledger; functions and views are applied together in one. One run works at a time, the " +
        "others wait; with nothing pending no lock is taken.",
    )
    .option("--to <version>", "stop after this migration; functions and views wait for the rest")
    .option("--dry-run", "show what would be applied, and change nothing");
  addRunOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db migrate
  doramaflix-db migrate --dry-run
  doramaflix-db migrate --to 002_drama_enhancements`,
    )
    .action(
      run<MigrateOptions>(async (context, { to, dryRun = false, ...given }) => {
        const input = { to, dryRun, options: readRunOptions(given) };
        context.output.result(await migrate(context, input), migrateView);
        return ExitCode.done;
      }),
    );
}
