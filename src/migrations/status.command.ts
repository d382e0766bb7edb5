import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { hasFindings, status } from "./status.ts";

/** Declares `status`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Shows each migration and each file of functions/ and views/ with its state. Takes no lock, changes nothing.",
    )
    .option("--exit-code", "exit with 1 when anything is pending, changed, missing or out of order")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db status
  doramaflix-db status --exit-code --json`,
    )
    .action(
      run<{ readonly exitCode?: true }>(async (context, { exitCode }) => {
        // The view and its table are loaded while the server answers.
        const [result, { statusView }] = await Promise.all([
          status(context),
          import("./status.view.ts"),
        ]);
        context.output.result(result, statusView);
        return exitCode === true && hasFindings(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}
