import type { Page, View } from "../output/output.ts";
import { count, formatDuration, formatMoment, formatNumber, shortName } from "../output/units.ts";
import type { BackfillResult } from "./results.ts";

/** What a run did and what is left to do for others; or what it would do. */
export const backfillView: View<BackfillResult> = (result, page) =>
  (result.state === "planned" ? planLines : doneLines)(result, page).join("\n");

function planLines(result: BackfillResult, { style }: Page): string[] {
  const { name, table, key, index, lastKey, doneTo, rowsWalked, left, plan } = result;
  const place = `"${shortName(table)}" by "${key}" (index ${shortName(index)})`;
  const from =
    doneTo === null
      ? "from the first key"
      : `after key ${doneTo}, ${count(rowsWalked, "row")} being done,`;
  if (lastKey === null)
    return [
      `${style.heading(`Backfill "${name}"`)}: table ${place} is empty; nothing is to be done.`,
    ];
  const duration =
    left.duration === null
      ? "How long that takes is known after the first batches."
      : `At the speed so far they take ${formatDuration(left.duration)}.`;
  return [
    `${style.heading(`Backfill "${name}"`)} goes through table ${place} ${from} to key ${lastKey}.`,
    `About ${formatNumber(left.rows)} rows in ${batches(left.batches)}. ${duration}`,
    "Rows that get a greater key meanwhile are not part of it.",
    ...(plan.length === 0
      ? []
      : ["", style.heading("The next batch"), ...plan.map((line) => `  ${line}`)]),
  ];
}

function doneLines(result: BackfillResult, { style }: Page): string[] {
  const { name, table, state, rowsChanged, rowsWalked, lastKey, finishedAt, run } = result;
  if (state === "unchanged") {
    return [
      `${style.good("Nothing to do")}: backfill "${name}" was finished at ${formatMoment(finishedAt ?? "")} UTC, with ` +
        `${count(rowsChanged, "row")} changed. To go through the table again: --restart`,
    ];
  }
  const whole =
    run.batches === result.batches
      ? ""
      : ` In all its runs: ${count(rowsChanged, "row")} changed of ${rowsWalked}, in ${batches(result.batches)}.`;
  const end =
    lastKey === null
      ? "The table is empty."
      : `It ends at key ${lastKey}, the greatest when it began.`;
  return [
    `${style.good("Finished")} backfill "${name}" on "${shortName(table)}": ${count(run.rowsChanged, "row")} changed of ` +
      `${run.rowsWalked}, in ${batches(run.batches)} and ${formatDuration(run.duration)}.${whole}`,
    end,
    ...afterwards(result),
  ];
}

/** What a DBA wants to know of the rest of the server. */
function afterwards({ run, deadRows, liveRows, table }: BackfillResult): string[] {
  const lines: string[] = [];
  if (run.heldBack > 0)
    lines.push(
      `It paused for ${formatDuration(run.heldBack)} to let replication and others catch up.`,
    );
  if (run.batchesInTheWay > 0)
    lines.push(
      `In ${batches(run.batchesInTheWay)} another session waited for a row; the next one was smaller.`,
    );
  // The statistics are some seconds old, so that a few say nothing.
  if (deadRows >= 1000) {
    lines.push(
      `About ${formatNumber(deadRows)} dead rows beside ${formatNumber(liveRows)} live ones; afterwards: vacuum (analyze) ${table};`,
    );
  }
  return lines;
}

function batches(number: number): string {
  return number === 1 ? "1 batch" : `${number} batches`;
}
