import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readNotifySettings } from "./notify/settings.ts";
import { runSchedule } from "./run.ts";
import { readSettings } from "./settings.ts";

/** Declares `schedule run`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Runs the jobs at their times until it is told to end: creates partitions, retires them, refreshes stale views, takes " +
        "snapshots of the statistics of statements, analyzes partitioned tables, checks the database's health. Times, " +
        'zone and settings stand in the config file under "schedule"; each job has a usual time.\n\n' +
        "Any number of processes may run, on any machines: one leads and works, the others take over within seconds when " +
        "it is gone. Jobs run one at a time. What was missed meanwhile runs once, and what was broken off runs again. " +
        'Each run is recorded in job_runs; with "notify" in the config file somebody is told of those that failed.\n\n' +
        "Prints a line for each event: text on a terminal, otherwise one JSON object. SIGTERM and Ctrl-C let the step in " +
        "hand finish; a second one does not wait.",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db schedule run
  doramaflix-db schedule run --json >> schedule.log`,
    )
    .action(
      run(async (context) => {
        const notify = readNotifySettings(context.config);
        await runSchedule(context, readSettings(context.config), notify);
        return ExitCode.done;
      }),
    );
}
