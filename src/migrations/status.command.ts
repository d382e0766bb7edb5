import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { hasFindings, status } from "./status.ts";
import { readTargetOptions, type TargetTexts } from "./targets/target-options.ts";

interface StatusOptions extends Pick<TargetTexts, "targets" | "jobs"> {
  readonly exitCode?: true;
}

/** Declares `status`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Shows each migration and each file of functions/ and views/ with its state. Takes no lock, changes nothing.",
    )
    .option("--exit-code", "exit with 1 when anything is pending, changed, missing or out of order")
    .option(
      "--targets <list>",
      "a line for each of many databases: a file with one a line, a pattern such as 'tenant_*', or a query",
    )
    .option("--jobs <count>", "how many are asked at the same time (default: 4)")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db status
  doramaflix-db status --exit-code --json
  doramaflix-db status --targets 'tenant_*'`,
    )
    .action(
      run<StatusOptions>(async (context, { exitCode, ...texts }) => {
        const several = readTargetOptions(texts);
        if (several !== undefined) {
          const { runStatusTargets } = await import("./targets/status-targets.command.ts");
          return runStatusTargets(context, { ...several, exitCode: exitCode ?? false });
        }
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
