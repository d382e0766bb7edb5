import type { Command } from "commander";
import { jobNames } from "../config/schedule-schema.ts";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readCount, withWords } from "../core/option-values.ts";
import type { ScheduleStatus } from "./results.ts";
import { scheduleStatus } from "./status.ts";
import { statusView } from "./status.view.ts";

interface StatusOptions {
  readonly runs?: string;
  readonly exitCode?: true;
}

/** Declares `schedule status`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Shows which scheduler leads, and of each job when it last ran, how that ended and when it runs next. Times are in UTC. " +
        "Reads what the database has recorded: where nobody runs `schedule run`, the jobs that cron and others run " +
        "with `schedule once` are shown too. Takes no lock, changes nothing.",
    )
    .addArgument(withWords(command.createArgument("[job]", "show only this job"), jobNames))
    .option("--runs <count>", "show the newest runs too")
    .option("--exit-code", "exit with 1 when a job is overdue, or its last run failed or was lost")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db schedule status
  doramaflix-db schedule status views --runs 20
  doramaflix-db schedule status --exit-code --json`,
    )
    .action(
      run<StatusOptions>(async (context, { runs, exitCode = false }, job) => {
        const result = await scheduleStatus(context, {
          runs: readCount("--runs", runs, 0),
          job: job ?? null,
        });
        context.output.result(result, statusView);
        return exitCode && isAmiss(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}

function isAmiss({ jobs }: ScheduleStatus): boolean {
  return jobs.some(
    ({ overdue, lastRun }) => overdue || lastRun?.result === "failed" || lastRun?.result === "lost",
  );
}
