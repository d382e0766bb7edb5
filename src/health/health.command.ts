import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readDuration } from "../core/option-values.ts";
import { isReached } from "../findings/levels.ts";
import type { Level } from "../findings/results.ts";
import { health, listChecks } from "./health.ts";
import { checkListView, healthView } from "./health.view.ts";
import { missedChecks } from "./missed-checks.ts";

interface HealthOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly timeout?: string;
  readonly failOn?: Level;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly all?: true;
  readonly list?: true;
}

/** For one check, in milliseconds. */
const defaultTimeout = 10_000;

/** Declares `health`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Looks for what is wrong in a live database, or soon will be: who blocks whom, transactions left open, replication, " +
        "archiving, partitions, materialized views, vacuum, indexes, constraints. Says of each finding why it matters, and " +
        "the statement that removes it. Server settings are what doctor looks at.\n\n" +
        "Only reads, also on a standby and without the engine. Takes locks that stop nothing but DDL, for one check, and " +
        "waits for none: what is locked, takes too long, or is forbidden to your role is listed as not checked.",
    )
    .option("--only <names...>", "only these checks")
    .option("--skip <names...>", "all but these checks")
    .option("--list", "show all checks, and ask no database")
    .option("--all", "show every object, not only the first five of a check")
    .option("--timeout <duration>", "how long a check may take (default: 10s)")
    .addOption(
      command
        .createOption(
          "--fail-on <level>",
          "exit with 1 when there is, or may be, such a finding or a worse one",
        )
        .choices(["note", "warning", "error"]),
    )
    .option("--baseline <file>", "leave out the findings that this JSON file accepts")
    .option("--write-baseline <file>", "write what is found as a new baseline, with empty reasons")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db health
  doramaflix-db health --only blocked_sessions long_transactions
  doramaflix-db health --write-baseline accepted.json
  doramaflix-db health --baseline accepted.json --fail-on warning --json`,
    )
    .action(
      run<HealthOptions>(async (context, options) => {
        if (options.list === true) {
          context.output.result(listChecks(), checkListView);
          return ExitCode.done;
        }
        const { only = [], skip = [], failOn, all = false } = options;
        const result = await health(context, {
          only,
          skip,
          timeout: readDuration("--timeout", options.timeout, defaultTimeout),
          baseline: options.baseline,
          writeBaseline: options.writeBaseline,
        });
        context.output.result(result, healthView({ all }));
        return failOn !== undefined &&
          isReached([...result.findings, ...missedChecks(result)], failOn)
          ? ExitCode.findings
          : ExitCode.done;
      }),
    );
}
