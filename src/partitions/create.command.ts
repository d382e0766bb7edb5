import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { createPartitions } from "./create.ts";
import { createView } from "./create.view.ts";
import { addLockOptions, readLockPatience, type GivenLockOptions } from "./lock-options.command.ts";
import {
  addParentOptions,
  readParentOptions,
  type GivenParents,
} from "./parent-options.command.ts";

interface CreateOptions extends GivenLockOptions, GivenParents {
  readonly fillHoles?: true;
}

/** Declares `partitions create`. */
export function configure(command: Command, run: ActionRunner): void {
  command.description(
    "Creates the partitions that are missing: the present one, those that partition_policies wants ahead of it, and " +
      "all between them and the newest one there is. A second run changes nothing; this is what cron runs.\n\n" +
      "Each partition is a transaction of its own, which readers and writers of the table go on beside. Where a " +
      "lock is not to be had within 100 ms, it lets the others pass and tries again.",
  );
  addParentOptions(command).option(
    "--fill-holes",
    "create those too that are missing between two others",
  );
  addLockOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db partitions create
  doramaflix-db partitions create --parent watch_history --ahead 12`,
    )
    .action(
      run<CreateOptions>(async (context, { fillHoles = false, ...given }) => {
        const input = { ...readParentOptions(given), fillHoles, patience: readLockPatience(given) };
        const result = await createPartitions(context, input);
        context.output.result(result, createView);
        const isWhole = result.parents.every(({ failed }) => failed.length === 0);
        return isWhole ? ExitCode.done : ExitCode.operationFailed;
      }),
    );
}
