import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { environmentOption, expectDatabaseOption } from "./expectations.ts";
import { migrate } from "./migrate.ts";
import { migrateView } from "./migrate.view.ts";

interface MigrateOptions {
  readonly to?: string;
  readonly outOfOrder: "allow" | "forbid";
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
    .addOption(
      command
        .createOption(
          "--out-of-order <policy>",
          "what to do with a pending migration that is older than an applied one",
        )
        .choices(["allow", "forbid"])
        .default("forbid"),
    )
    .option(...expectDatabaseOption)
    .option(...environmentOption)
    .option("--dry-run", "show what would be applied, and change nothing")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db migrate
  doramaflix-db migrate --dry-run
  doramaflix-db migrate --to 002_drama_enhancements`,
    )
    .action(
      run<MigrateOptions>(async (context, { to, outOfOrder, dryRun = false }) => {
        const input = { to, outOfOrder, dryRun };
        context.output.result(await migrate(context, input), migrateView);
        return ExitCode.done;
      }),
    );
}
