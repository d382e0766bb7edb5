import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { expectDatabaseOption } from "./ledger/expectations.ts";
import { repair } from "./repair.ts";
import { repairView } from "./repair.view.ts";

interface RepairOptions {
  readonly forget?: readonly string[];
  readonly writeMissing?: true;
  readonly environment?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Declares `repair`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Shows where the ledger and the files disagree, and records the files as they are now: all that were changed or " +
        "renamed, or only those given.\n\n" +
        "Runs none of their statements: where a changed file does something else, bring the database to it by hand. " +
        "All is recorded in one transaction, under the migration lock; the history keeps each row as it was.",
    )
    .argument("[versions...]", "only these migrations")
    .option("--write-missing", "write missing files again, with the statements that the ledger has")
    .option(
      "--forget <version>",
      "remove a migration without a file from the ledger; what it did stays in the database",
      (version: string, others: readonly string[] | undefined) => [...(others ?? []), version],
    )
    .option(
      "--environment <name>",
      "record that the database is of this environment, on the server where it is now",
    )
    .option(...expectDatabaseOption)
    .option("--dry-run", "show what differs, and change nothing")
    .option("--yes", "record without asking")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db repair --dry-run
  doramaflix-db repair 002_drama_enhancements
  doramaflix-db repair --write-missing --yes`,
    )
    .action(
      run<RepairOptions>(async (context, options, ...versions) => {
        const { forget = [], writeMissing = false, dryRun = false, yes = false } = options;
        const recordEnvironment = options.environment !== undefined;
        const choice = { versions, forget, writeMissing, recordEnvironment };
        const input = { ...choice, dryRun, yes, view: repairView };
        context.output.result(await repair(context, input), repairView);
        return ExitCode.done;
      }),
    );
}
