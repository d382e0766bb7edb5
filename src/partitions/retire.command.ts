import { resolve } from "node:path";
import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readDuration } from "../core/option-values.ts";
import { addLockOptions, readLockPatience, type GivenLockOptions } from "./lock-options.command.ts";
import type { RetirePatience } from "./retire/retire-work.ts";
import type { RetireResult } from "./retire/results.ts";
import { retire } from "./retire.ts";
import { retireView } from "./retire.view.ts";

interface RetireOptions extends GivenLockOptions {
  readonly parent?: readonly string[];
  readonly dryRun?: true;
  readonly drop?: true;
  readonly export?: string;
  readonly yes?: true;
  readonly maxWait?: string;
}

/** Declares `partitions retire`. */
export function configure(command: Command, run: ActionRunner): void {
  addLockOptions(
    command
      .description(
        "Detaches the partitions that are older than their table's policy keeps them, and drops, with --drop, those that " +
          "were detached long enough ago.\n\n" +
          "Detaches concurrently: readers and writers go on. It first waits for the transactions that are open and may " +
          "still read the partition, or write into a table that it refers to; a partition that has been begun is " +
          "completed, also after Ctrl-C, because its rows could not be seen otherwise. What an interrupted run has left is completed first. A table with a default " +
          "partition is locked against everything instead, for a moment.\n\n" +
          "Drops only what it has detached itself, where the policy says so and its grace period is over. With --export " +
          "the rows are written to a file first, which is read back and compared before the table is dropped.",
      )
      .option(
        "--parent <table>",
        "only the partitions of this table; may be given several times",
        (name: string, others: readonly string[] | undefined) => [...(others ?? []), name],
      )
      .option("--dry-run", "show what would be detached and dropped, and change nothing")
      .option("--drop", "drop what was detached longer ago than the grace period")
      .option(
        "--export <folder>",
        "write the rows to <schema>.<table>.csv.gz before they are dropped",
      )
      .option("--yes", "drop without asking")
      .option(
        "--max-wait <duration>",
        "how long to wait, in all, for open transactions before detaching, and for another run (default: 10min)",
      ),
  )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db partitions retire --dry-run
  doramaflix-db partitions retire --parent watch_history
  doramaflix-db partitions retire --drop --export /srv/archive --yes`,
    )
    .action(
      run<RetireOptions>(async (context, options) => {
        if (options.export !== undefined && options.drop === undefined) throw exportWithoutDrop();
        const result = await retire(context, {
          parents: options.parent ?? [],
          dryRun: options.dryRun ?? false,
          drop: options.drop ?? false,
          yes: options.yes ?? false,
          folder: options.export === undefined ? undefined : resolve(options.export),
          patience: readPatience(options),
          view: retireView,
        });
        context.output.result(result, retireView);
        return hasFailed(result) ? ExitCode.operationFailed : ExitCode.done;
      }),
    );
}

function hasFailed({ partitions, failed }: RetireResult): boolean {
  return failed.length > 0 || partitions.some(({ state }) => state === "failed");
}

function exportWithoutDrop(): CliError {
  return new CliError("USAGE", {
    message: "--export writes what is dropped, and nothing is dropped without --drop.",
    hint: "Add --drop, or leave --export out.",
  });
}

function readPatience(given: RetireOptions): RetirePatience {
  return {
    ...readLockPatience(given),
    maxWait: readDuration("--max-wait", given.maxWait, 600_000),
  };
}
