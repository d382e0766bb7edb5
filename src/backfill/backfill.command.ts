import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { backfill } from "./backfill.ts";
import { backfillView } from "./backfill.view.ts";
import { readBackfillInput, type BackfillTexts } from "./input.ts";
import { listBackfills } from "./list-backfills.ts";
import { listBackfillsView } from "./list-backfills.view.ts";

interface BackfillOptions extends BackfillTexts {
  readonly status?: true;
}

const examples = `
Examples:
  doramaflix-db backfill backfills/lower_emails.sql --dry-run
  doramaflix-db backfill backfills/lower_emails.sql --batch 5000 --max-lag 2s
  doramaflix-db backfill backfills/lower_emails.sql --batch-time 200ms --pause 200ms
  doramaflix-db backfill --status

A file:
  UPDATE users SET email = lower(email)
  WHERE id BETWEEN :'batch_from' AND :'batch_to' AND email <> lower(email);`;

/** Declares `backfill`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Changes the rows of a large table in small batches, by the one UPDATE, DELETE, INSERT ... SELECT or MERGE of a " +
        "file.\n\n" +
        "A batch is a range of keys, from :'batch_from' to :'batch_to', both in it, and one transaction with its row in " +
        "the journal, the table backfills: whatever is killed, no row is left out and none changed twice. It locks its " +
        "rows, and against nobody else the table. The key is the primary key of the table; -- backfill:key COLUMN and " +
        "-- backfill:table NAME before the statement name others. The end is the greatest key at the beginning.\n\n" +
        "The size of a batch follows what it takes, and is halved where somebody waits for its rows. Ctrl-C ends after " +
        "the batch in hand; the same command goes on there.",
    )
    .argument("[file]", "the file with the statement; its name is that of the backfill")
    .option("--batch <rows>", "how many rows the first batch has (default: 1000)")
    .option(
      "--batch-time <duration>",
      "what a batch is to take, its size follows; 0: it stays (default: 500ms)",
    )
    .option(
      "--max-lag <duration>",
      "pause while a server that replicates is further behind; 0 for no limit (default: 10s)",
    )
    .option(
      "--max-waiting <count>",
      "pause while more sessions of the database wait for locks (default: 5)",
    )
    .option("--pause <duration>", "how long to rest after each batch (default: 0)")
    .option(
      "--lock-timeout <duration>",
      "how long a batch waits for a row; 0 for no limit (default: 1s)",
    )
    .option(
      "--lock-retries <count>",
      "how often to try again a batch that did not get its locks (default: 20)",
    )
    .option("--dry-run", "show table, batches and the plan of the next one; change nothing")
    .option("--yes", "run a statement that deletes rows without asking")
    .option("--restart", "begin with the first row again")
    .option("--accept-changed", "go on with a statement that was changed since")
    .option("--status", "show how far each backfill of the database is")
    .addHelpText("after", examples)
    .action(
      run<BackfillOptions>(async (context, { status = false, ...texts }, file = "") => {
        if (status) {
          context.output.result(await listBackfills(context), listBackfillsView);
          return ExitCode.done;
        }
        context.output.result(
          await backfill(context, readBackfillInput(file, texts)),
          backfillView,
        );
        return ExitCode.done;
      }),
    );
}
