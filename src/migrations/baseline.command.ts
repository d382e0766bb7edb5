import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { environmentOption, expectDatabaseOption } from "./ledger/expectations.ts";
import { baseline } from "./baseline.ts";
import { baselineView } from "./baseline.view.ts";

interface BaselineOptions {
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Declares `baseline`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Records all migrations up to and with the given one as applied, without running them: for a database that has " +
        "their tables already.\n\n" +
        "Whether it has them is not checked. All are recorded in one transaction, under the migration lock; those " +
        "that are recorded already stay as they are.",
    )
    .argument("<version>", "the newest migration that the database has")
    .option(...expectDatabaseOption)
    .option(...environmentOption)
    .option("--dry-run", "show what would be recorded, and change nothing")
    .option("--yes", "record without asking")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db baseline 002_drama_enhancements --dry-run
  doramaflix-db baseline 002_drama_enhancements --yes`,
    )
    .action(
      run<BaselineOptions>(async (context, { dryRun = false, yes = false }, version = "") => {
        context.output.result(await baseline(context, { version, dryRun, yes }), baselineView);
        return ExitCode.done;
      }),
    );
}
