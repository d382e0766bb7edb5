import type { View } from "../output/output.ts";
import { count } from "../output/units.ts";
import type { RollbackResult } from "./results.ts";

/** Says what was taken back, or would be, and where the database stands now. */
export const rollbackView: View<RollbackResult> = (
  { database, dryRun, migrations, newest },
  { style },
) => {
  const now = newest === null ? "no migration is applied" : `the newest is ${newest}`;
  if (migrations.length === 0)
    return `${style.good("Nothing to roll back")} in database "${database}": ${now}.`;
  const what = `${count(migrations.length, "migration")} in database "${database}"`;
  if (!dryRun) return `${style.good("Rolled back")} ${what}: now ${now}.`;
  return [
    `${style.heading("Would roll back")} ${what}:`,
    ...migrations.map(({ version }) => `  ${version}`),
    `Afterwards ${now}.`,
  ].join("\n");
};
