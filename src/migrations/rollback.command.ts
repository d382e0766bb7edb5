import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { environmentOption, expectDatabaseOption } from "./ledger/expectations.ts";
import { rollback, type RollbackInput } from "./rollback.ts";
import { rollbackView } from "./rollback.view.ts";
import { addRunOptions, readRunOptions, type GivenRunOptions } from "./run-options.command.ts";

interface RollbackOptions extends GivenRunOptions {
  readonly steps?: string;
  readonly to?: string;
  readonly dryRun?: true;
}

/** Declares `rollback`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Takes the newest migrations back with the rollback SQL that the ledger recorded, one by default.\n\n" +
        "Each rollback is a transaction of its own. Objects of functions/ and views/ that depend on what goes are " +
        "dropped first, and created again where that still works. Stops before the first one if any of the " +
        "migrations is irreversible.",
    )
    .option("--steps <count>", "how many migrations to take back (default: 1)")
    .option("--to <version>", "take back all that were applied after this one")
    .option(...expectDatabaseOption)
    .option(...environmentOption)
    .option("--dry-run", "show what would be rolled back, and change nothing");
  addRunOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db rollback
  doramaflix-db rollback --steps 2 --dry-run
  doramaflix-db rollback --to 001_initial_schema`,
    )
    .action(
      run<RollbackOptions>(async (context, options) => {
        const input = {
          target: readTarget(options),
          dryRun: options.dryRun ?? false,
          options: readRunOptions(options),
        };
        context.output.result(await rollback(context, input), rollbackView);
        return ExitCode.done;
      }),
    );
}

function readTarget({ steps, to }: RollbackOptions): RollbackInput["target"] {
  if (steps !== undefined && to !== undefined) {
    throw new CliError("USAGE", {
      message: "--steps and --to say two things at once.",
      hint: "Give one of them.",
    });
  }
  if (to !== undefined) return { to };
  if (steps !== undefined && !/^[1-9]\d{0,8}$/.test(steps)) {
    throw new CliError("USAGE", {
      message: `--steps takes a whole number from 1, not "${steps}".`,
      hint: "For example: doramaflix-db rollback --steps 2",
    });
  }
  return { steps: Number(steps ?? 1) };
}
