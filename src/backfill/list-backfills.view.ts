import type { View } from "../output/output.ts";
import { table } from "../output/table.ts";
import { formatMoment, formatNumber, formatTime, shortName } from "../output/units.ts";
import type { BackfillList } from "./results.ts";

type Backfill = BackfillList["backfills"][number];

/** A row for each backfill. */
export const listBackfillsView: View<BackfillList> = ({ backfills }, page) => {
  if (backfills.length === 0) return "No backfill has run in this database.";
  const { style } = page;
  const colours = { running: style.good, stopped: style.attention, finished: style.faint };
  return table(
    [
      { heading: "Backfill" },
      { heading: "State" },
      { heading: "Done", align: "right" },
      { heading: "Rows changed", align: "right" },
      { heading: "Left", align: "right" },
      { heading: "Last batch (UTC)" },
      { heading: "Table", optional: true },
      { heading: "Worked", align: "right", optional: true },
    ],
    backfills.map((each) => [
      each.name,
      colours[each.state](each.state),
      share(each),
      formatNumber(each.rowsChanged),
      left(each),
      formatMoment(each.workedAt),
      shortName(each.table),
      formatTime(each.worked),
    ]),
    page,
  );
};

/** The number of rows is an estimate, so that only what is finished has all. */
function share({ state, rowsWalked, estimatedRows }: Backfill): string {
  if (state === "finished") return "100 %";
  if (estimatedRows === 0) return "0 %";
  return `${Math.min(99, Math.floor((rowsWalked / estimatedRows) * 100))} %`;
}

function left({ state, rowsWalked, estimatedRows, worked }: Backfill): string {
  if (state === "finished" || rowsWalked === 0 || rowsWalked >= estimatedRows) return "";
  return formatTime((worked / rowsWalked) * (estimatedRows - rowsWalked));
}
