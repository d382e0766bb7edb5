import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { convert } from "./convert.ts";
import { convertView } from "./convert.view.ts";
import { addLockOptions } from "./lock-options.command.ts";
import { readConvertInput, type ConvertTexts } from "./convert/input.ts";

interface ConvertOptions extends ConvertTexts {
  readonly yes?: true;
}

const examples = `
Examples:
  doramaflix-db partitions convert events --by created_at --granularity monthly
  doramaflix-db partitions convert events --by created_at --granularity monthly --prepare
  doramaflix-db partitions convert events --by created_at --granularity monthly --cut-over
  doramaflix-db partitions convert events --undo
  doramaflix-db partitions convert shop.events --by id --key-encoding uuidv7 --granularity yearly`;

const encodings = [
  "uuidv7",
  "epoch_seconds",
  "epoch_milliseconds",
  "epoch_microseconds",
  "epoch_nanoseconds",
];

/** Declares `partitions convert`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Turns a plain table with rows into one that is partitioned by time, without copying them: the table as it is " +
        "becomes the partition of all that lies before a cut.\n\n" +
        "Without a step it shows the plan and changes nothing. --prepare builds the new key and the proof of the cut " +
        "while readers and writers go on. --cut-over is one transaction, which locks the table, and those that its " +
        "foreign keys refer to, against everything for some milliseconds. --undo takes back what the steps have done. " +
        "Each step goes on where a run of it was interrupted.",
    )
    .argument("<table>", "the table, with its schema where that is not on the search_path")
    .option("--by <column>", "the column with the time")
    .addOption(
      command
        .createOption("--granularity <period>", "how long a partition is")
        .choices(["daily", "weekly", "monthly", "quarterly", "yearly"]),
    )
    .addOption(
      command
        .createOption(
          "--key-encoding <encoding>",
          "how a column of type uuid or bigint holds a time",
        )
        .choices(encodings),
    )
    .option(
      "--cut-at <day>",
      "where the new partitions begin, in UTC (default: the first period after the greatest key and a day from now)",
    )
    .option(
      "--ahead <count>",
      "how many partitions there are to be after the present one (default: 3)",
    )
    .option(
      "--prepare",
      "build what the cut-over needs; rows from the cut on are refused until then",
    )
    .option("--cut-over", "make the table a partitioned one")
    .option("--undo", "drop what --prepare made, or put the plain table back")
    .option("--yes", "with --undo: move rows without asking");
  addLockOptions(command)
    .addHelpText("after", examples)
    .action(
      run<ConvertOptions>(async (context, { yes = false, ...texts }, table = "") => {
        const input = { ...readConvertInput(table, texts), yes, view: convertView };
        context.output.result(await convert(context, input), convertView);
        return ExitCode.done;
      }),
    );
}
