import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { viewsStatus } from "./status.ts";
import { statusView } from "./status.view.ts";
import type { StatusResult } from "./results.ts";

interface StatusOptions {
  readonly exitCode?: true;
  readonly checkKeys?: true;
}

/** Declares `views status`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Shows of each materialized view when it was last refreshed, by whom and how; whether it is older than its row in " +
        "matview_policies allows; what has changed below it since; its size and bloat; and what stands against " +
        "refreshing it concurrently or by a swap. Takes no lock, changes nothing.",
    )
    .argument(
      "[names...]",
      "show everything about these; without names what is remarkable about all",
    )
    .option(
      "--exit-code",
      "exit with 1 when one is stale, has no data, or failed to be refreshed the last time",
    )
    .option(
      "--check-keys",
      "where a unique index is missing, look whether the columns proposed for one have duplicates; reads each such view whole",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db views status
  doramaflix-db views status mv_popular_content
  doramaflix-db views status --exit-code --json`,
    )
    .action(
      run<StatusOptions>(async (context, { exitCode = false, checkKeys = false }, ...names) => {
        const result = await viewsStatus(context, { names, checkKeys });
        context.output.result(result, statusView(names.length > 0));
        return exitCode && hasFindings(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}

function hasFindings({ views }: StatusResult): boolean {
  return views.some(({ stale, populated, failures }) => stale || !populated || failures.number > 0);
}
