import type { View } from "../output/output.ts";
import { count } from "../output/units.ts";
import type { BaselineResult } from "./results.ts";

/** Says what was recorded, or would be, and that nothing was run. */
export const baselineView: View<BaselineResult> = (
  { database, dryRun, version, migrations },
  { style },
) => {
  if (migrations.length === 0)
    return `${style.good("Nothing to record")} in database "${database}": all migrations up to "${version}" are recorded.`;
  const what = `${count(migrations.length, "migration")} as applied in database "${database}", and`;
  if (!dryRun) return `${style.good("Recorded")} ${what} ran none.`;
  return [
    `${style.heading("Would record")} ${what} run none:`,
    ...migrations.map((each) => `  ${each.version}`),
  ].join("\n");
};
