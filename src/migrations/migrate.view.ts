import type { View } from "../output/output.ts";
import { count, formatDuration } from "../output/units.ts";
import type { MigrateResult } from "./results.ts";

/** Says what was applied, or would be, and that nothing was when nothing is pending. */
export const migrateView: View<MigrateResult> = (result, { style }) => {
  const { database, dryRun, migrations, definitions, total } = result;
  if (migrations.length === 0 && definitions.length === 0) {
    const current = `${count(total.migrations, "migration")} applied, ${count(total.definitions, "function and view")} current`;
    return `${style.good("Nothing is pending")} in database "${database}": ${current.replace("function and views", "functions and views")}.`;
  }
  const what = [
    migrations.length > 0 ? count(migrations.length, "migration") : "",
    definitions.length > 0 ? `${count(definitions.length, "file")} of functions/ and views/` : "",
  ].filter((part) => part !== "");
  const summary = `${what.join(" and ")} to database "${database}"`;
  if (!dryRun) return `${style.good("Applied")} ${summary}${took(result)}.`;
  const lines = [
    ...migrations.map(({ version, description }) => `  ${version}  ${style.faint(description)}`),
    ...definitions.map(({ path }) => `  ${path}`),
  ];
  return [`${style.heading("Would apply")} ${summary}:`, ...lines].join("\n");
};

function took({ migrations, definitions }: MigrateResult): string {
  const total = [...migrations, ...definitions].reduce(
    (sum, { duration }) => sum + (duration ?? 0),
    0,
  );
  return ` in ${formatDuration(total)}`;
}
