import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { doctor, hasFailures, hasFindings } from "./doctor.ts";
import {
  addLockOptions,
  readLimitedPatience,
  type GivenLockOptions,
} from "./lock-options.command.ts";
import { doctorView } from "./doctor.view.ts";

interface DoctorOptions extends GivenLockOptions {
  readonly parent?: readonly string[];
  readonly fix?: true;
  readonly yes?: true;
  readonly duplicates?: true;
  readonly exitCode?: true;
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
    .option("--exit-code", "exit with 1 when anything is found that is more than a note");
  addLockOptions(command)
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
          ...readLimitedPatience(options),
          view: doctorView,
        });
        context.output.result(result, doctorView);
        if (hasFailures(result)) return ExitCode.operationFailed;
        return exitCode === true && hasFindings(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}
