import type { View } from "../output/output.ts";
import { table } from "../output/table.ts";
import { count, formatDuration } from "../output/units.ts";
import type { SeedResult } from "./results.ts";

/** A table of the rows that were inserted, and a line that sums them up; or why nothing was done. */
export const seedView: View<SeedResult> = (result, page) => {
  const { database, seeded, filled, files, tables } = result;
  const { style } = page;
  if (!seeded) {
    return (
      `${style.good("Nothing was done")}: database "${database}" has rows already, in ${namesOf(filled)}. ` +
      "To add to them: --append"
    );
  }
  const rows = tables.reduce((sum, each) => sum + each.rows, 0);
  const duration = files.reduce((sum, each) => sum + each.duration, 0);
  const summary = `${style.good("Filled")} database "${database}" with ${count(rows, "row")} in ${formatDuration(duration)}.`;
  if (tables.length === 0) return summary;
  const list = table(
    [{ heading: "Table" }, { heading: "Rows", align: "right" }],
    tables.map((each) => [each.table, String(each.rows)]),
    page,
  );
  return `${list}\n\n${summary}`;
};

const shown = 5;

function namesOf(tables: readonly string[]): string {
  const names = tables.slice(0, shown).join(", ");
  return tables.length > shown
    ? `${names} and ${count(tables.length - shown, "other table")}`
    : names;
}
