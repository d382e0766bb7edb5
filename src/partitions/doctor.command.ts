import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { parseDuration } from "../core/duration.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { doctor, hasFailures, hasFindings } from "./doctor.ts";
import { doctorView } from "./doctor.view.ts";

interface DoctorOptions {
  readonly parent?: readonly string[];
  readonly fix?: true;
  readonly yes?: true;
  readonly duplicates?: true;
  readonly exitCode?: true;
  readonly lockTimeout: string;
  readonly lockRetries: string;
}

/** Declares `partitions doctor`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Looks for what is wrong with the partitions of the tables that have a policy, and says of each finding why it " +
        "matters and what cures it. Reads the catalog and the catch-all partitions; changes nothing.\n\n" +
        "With --fix it completes interrupted detaching, creates partitions that are missing, sets properties that differ, " +
        "analyzes tables, and moves rows out of the catch-all, one period a transaction: every row is visible all the " +
        "time, nobody else writes into the table meanwhile, and readers wait for one scan of the catch-all and the check " +
        "of the foreign keys of what was moved. How long that will take is said before. What it does not do is " +
        "printed as SQL.",
    )
    .option(
      "--parent <table>",
      "only this table; may be given several times",
      (table: string, others: readonly string[] | undefined) => [...(others ?? []), table],
    )
    .option("--fix", "cure what can be cured without a loss")
    .option("--yes", "cure without asking")
    .option(
      "--duplicates",
      "count rows that are alike but for the partition key; reads each table whole",
    )
    .option("--exit-code", "exit with 1 when anything is found that is more than a note")
    .option("--lock-timeout <duration>", "how long a repair waits for a lock", "100ms")
    .option("--lock-retries <count>", "how often to try a repair again that did not get it", "20")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db partitions doctor
  doramaflix-db partitions doctor --exit-code --json
  doramaflix-db partitions doctor --fix --parent watch_history`,
    )
    .action(
      run<DoctorOptions>(async (context, options) => {
        const { parent = [], fix = false, yes = false, duplicates = false, exitCode } = options;
        const result = await doctor(context, {
          parents: parent,
          fix,
          yes,
          duplicates,
          lockTimeout: lockTimeout(options.lockTimeout),
          lockRetries: lockRetries(options.lockRetries),
          view: doctorView,
        });
        context.output.result(result, doctorView);
        if (hasFailures(result)) return ExitCode.operationFailed;
        return exitCode === true && hasFindings(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}

function lockTimeout(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  throw new CliError("USAGE", {
    message: `--lock-timeout takes a duration with its unit, above 0, not "${text}".`,
    hint: "Units are ms, s, min, h and d: --lock-timeout 250ms. Whoever waits without a limit stops the application.",
  });
}

function lockRetries(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new CliError("USAGE", {
    message: `--lock-retries takes a whole number from 0 to 9999, not "${text}".`,
    hint: "For example: --lock-retries 3",
  });
}
