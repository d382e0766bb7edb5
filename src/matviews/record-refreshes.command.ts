import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { recordRefreshes } from "./record-refreshes.ts";
import { recordRefreshesView } from "./record-refreshes.view.ts";

/** Declares `views record-refreshes`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Has every refresh recorded in matview_refreshes, whoever runs it and with which program, by an event trigger, which " +
        "only a superuser may create. Without it the refreshes by this tool are recorded.",
    )
    .option("--off", "drop the event trigger")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db views record-refreshes
  doramaflix-db views record-refreshes --off`,
    )
    .action(
      run<{ readonly off?: true }>(async (context, { off = false }) => {
        context.output.result(await recordRefreshes(context, !off), recordRefreshesView);
        return ExitCode.done;
      }),
    );
}
