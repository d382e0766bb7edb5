import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { parseLongDuration } from "../core/duration.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { snapshot } from "./snapshot.ts";
import { snapshotView } from "./snapshot.view.ts";

/** Declares `snapshot`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      'Stores what pg_stat_statements says now, so that "slow-queries --since" and "--compare" can look back: the figures of ' +
        "each statement that has run since the snapshot before, and each text once. Snapshots that are too old are " +
        "deleted.\n\n" +
        "Resets no statistics. A snapshot of all databases of a server is stored in the one that is connected, as a whole " +
        "or not at all. Takes no lock but on its own tables, which other snapshots wait for.",
    )
    .option(
      "--keep <duration>",
      "delete snapshots that are older (default: as for the snapshot before; 30d at first)",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db snapshot
  doramaflix-db snapshot --keep 90d
  */10 * * * * doramaflix-db snapshot --url postgresql:///shop    (in a crontab)`,
    )
    .action(
      run<{ readonly keep?: string }>(async (context, { keep }) => {
        const input = { keep: keep === undefined ? undefined : readKeep(keep) };
        context.output.result(await snapshot(context, input), snapshotView);
        return ExitCode.done;
      }),
    );
}

function readKeep(text: string): number {
  const keep = parseLongDuration(text);
  if (keep !== undefined && keep > 0) return keep;
  throw new CliError("USAGE", {
    message: `--keep takes a duration above 0 with its unit, not "${text}".`,
    hint: "Units are ms, s, min, h and d: --keep 30d, --keep 12h.",
  });
}
