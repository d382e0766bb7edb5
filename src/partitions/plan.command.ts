import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import {
  addParentOptions,
  readParentOptions,
  type GivenParents,
} from "./parent-options.command.ts";
import { planPartitions } from "./plan.ts";
import { planView } from "./plan.view.ts";

interface PlanOptions extends GivenParents {
  readonly fillHoles?: true;
  readonly exitCode?: true;
}

/** Declares `partitions plan`. */
export function configure(command: Command, run: ActionRunner): void {
  command.description(
    'Shows what "partitions create" would do: the statements, the locks that each takes on which table, who holds ' +
      "one now that stands against it, and which partitions are read whole. Changes nothing.",
  );
  addParentOptions(command)
    .option("--fill-holes", "with those too that are missing between two others")
    .option("--exit-code", "exit with 1 when a partition is missing")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db partitions plan
  doramaflix-db partitions plan --parent watch_history --ahead 12 --json`,
    )
    .action(
      run<PlanOptions>(async (context, { fillHoles = false, exitCode, ...given }) => {
        const result = await planPartitions(context, { ...readParentOptions(given), fillHoles });
        context.output.result(result, planView);
        if (result.parents.some(({ failed }) => failed !== null)) return ExitCode.operationFailed;
        const isMissing = result.parents.some(({ missing }) => missing.length > 0);
        return exitCode === true && isMissing ? ExitCode.findings : ExitCode.done;
      }),
    );
}
