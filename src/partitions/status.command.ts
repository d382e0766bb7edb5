import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { parseLongDuration } from "../core/duration.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { hasFindings } from "./findings.ts";
import { partitionStatus } from "./status.ts";

interface StatusOptions {
  readonly parent?: readonly string[];
  readonly exitCode?: true;
  readonly minRunway?: string;
}

/** Declares `partitions status`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Shows of each table that partition_policies names how far its partitions reach, what is missing, which rows lie " +
        "in the catch-all partition, and the size of each partition. Takes no lock, changes nothing.",
    )
    .option("--parent <table...>", "only these partitioned tables")
    .option("--all", "list every partition, and not only the newest of each table")
    .option(
      "--exit-code",
      "exit with 1 when something is missing, half detached or in the catch-all partition",
    )
    .option(
      "--min-runway <duration>",
      "exit with 1 when a table is covered for less than that from now, such as 45d",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db partitions status
  doramaflix-db partitions status --exit-code --min-runway 45d
  doramaflix-db partitions status --parent watch_history --all`,
    )
    .action(
      run<StatusOptions & { readonly all?: true }>(async (context, given) => {
        const { parent = [], exitCode = false, all = false } = given;
        const minRunway = readRunway(given.minRunway);
        const [result, { statusView }] = await Promise.all([
          partitionStatus(context, parent),
          import("./status.view.ts"),
        ]);
        context.output.result(result, statusView(all));
        return hasFindings(result, { exitCode, minRunway }) ? ExitCode.findings : ExitCode.done;
      }),
    );
}

function readRunway(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = parseLongDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new CliError("USAGE", {
    message: `--min-runway takes a duration with its unit, not "${text}".`,
    hint: "For example: --min-runway 45d",
  });
}
