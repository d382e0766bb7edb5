import type { Command } from "commander";
import { jobNames, type JobName } from "../config/schedule-schema.ts";
import { suggest } from "../config/suggest.ts";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readDuration, withWords } from "../core/option-values.ts";
import { readNotifySettings } from "./notify/settings.ts";
import { runOnce } from "./once.ts";
import { onceView } from "./once.view.ts";
import type { OnceResult } from "./results.ts";
import { readSettings } from "./settings.ts";

interface OnceOptions {
  readonly wait?: string;
  readonly exitCode?: true;
}

/** Declares `schedule once`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Runs jobs of the scheduler now, each once, with the settings of the config file, and records them in job_runs. This " +
        "is what cron, systemd and Kubernetes run where there is no scheduler of ours, and it may run beside one: jobs " +
        "run one at a time.",
    )
    .addArgument(
      withWords(
        command.createArgument("<jobs...>", "the jobs, in the order in which they are to run"),
        jobNames,
      ),
    )
    .option(
      "--wait <duration>",
      "how long to wait for a job that another process runs (default: 10min)",
    )
    .option(
      "--exit-code",
      "exit with 1 when a job has found something that somebody should look at",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db schedule once partitions retire
  doramaflix-db schedule once health --exit-code`,
    )
    .action(
      run<OnceOptions>(async (context, options, ...given) => {
        const { settings } = readSettings(context.config);
        const notify = readNotifySettings(context.config);
        const wait = readDuration("--wait", options.wait, 600_000);
        const names = given.map(readJob);
        const result = await runOnce(context, { names, settings, notify, wait });
        context.output.result(result, onceView);
        return exitCodeOf(result, options.exitCode ?? false);
      }),
    );
}

function readJob(given: string): JobName {
  const name = jobNames.find((each) => each === given);
  if (name !== undefined) return name;
  throw new CliError("USAGE", {
    message: `There is no job "${given}".`,
    hint: `${suggest(given, jobNames)} The jobs are ${jobNames.join(", ")}.`.trim(),
  });
}

function exitCodeOf({ jobs }: OnceResult, isAsked: boolean): ExitCode {
  const has = (result: string): boolean => jobs.some((job) => job.result === result);
  if (has("interrupted")) return ExitCode.interrupted;
  if (has("failed")) return ExitCode.operationFailed;
  return isAsked && has("findings") ? ExitCode.findings : ExitCode.done;
}
