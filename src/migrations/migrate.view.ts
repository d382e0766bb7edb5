import type { Page, View } from "../output/output.ts";
import { count, countEach, formatDuration } from "../output/units.ts";
import { planText } from "./preflight/plan.view.ts";
import type { MigrateResult } from "./results.ts";
import { executionText } from "./trial/execution.view.ts";

/** Says what was applied, or would be, that nothing was when nothing is pending, and what `--to` leaves. */
export const migrateView: View<MigrateResult> = (result, page) => {
  const { style } = page;
  const { database, dryRun, migrations, definitions, total, pending } = result;
  const left = countWork(pending.migrations, pending.definitions);
  const rest = [
    ...(left === ""
      ? []
      : [style.attention(`Still pending${dryRun ? " afterwards" : ""}: ${left}.`)]),
    ...partitionLines(result, page),
  ];
  if (migrations.length === 0 && definitions.length === 0) {
    const current = countWork(total.migrations, left === "" ? total.definitions : 0);
    const nothing = left === "" ? "Nothing is pending" : "Nothing to apply";
    const applied = current === "" ? "" : `: ${current} applied`;
    return [`${style.good(nothing)} in database "${database}"${applied}.`, ...rest].join("\n");
  }
  const summary = `${countWork(migrations.length, definitions.length)} to database "${database}"`;
  if (!dryRun) return [`${style.good("Applied")} ${summary}${took(result)}.`, ...rest].join("\n");
  return [
    `${style.heading("Would apply")} ${summary}:`,
    ...describedLines(migrations, page),
    ...definitions.map(({ path }) => `  ${path}`),
    ...irreversibleLines(migrations, page),
    ...rest,
    ...planned(result, page),
  ].join("\n");
};

function partitionLines({ partitions }: MigrateResult, { style }: Page): string[] {
  const { created, failed } = partitions;
  const made = created.length === 0 ? [] : [`Created ${count(created.length, "partition")}.`];
  const failures = failed.map(({ parent, message, hint }) =>
    [`${style.bad("Failed")} to create a partition of "${parent}": ${message}`, hint ?? []]
      .flat()
      .join("\n  "),
  );
  return [...made, ...failures];
}

/** What the plan and a trial say, each after an empty line; nothing when they have nothing to say. */
function planned({ plan, execution, definitions }: MigrateResult, page: Page): string[] {
  if (plan === null) return [];
  const texts = [
    planText(plan, page),
    execution === null
      ? ""
      : executionText({ ...execution, plan, hasDefinitions: definitions.length > 0 }, page),
  ];
  return texts.flatMap((text) => (text === "" ? [] : ["", text]));
}

function countWork(migrations: number, definitions: number): string {
  return countEach([migrations, "migration"], [definitions, "file", " of functions/ and views/"]);
}

/**
 * Writes versions with their descriptions, which begin in one column, or stand below where the page is too narrow; one
 * that only repeats the version is left out.
 */
function describedLines(migrations: MigrateResult["migrations"], { width, style }: Page): string[] {
  const column = Math.max(...migrations.map(({ version }) => version.length)) + 4;
  const fits = migrations.every(({ description }) => column + description.length <= width);
  return migrations.map(({ version, description }) => {
    const start = `  ${version}`;
    if (version.replaceAll("_", " ").endsWith(description)) return start;
    return `${fits ? start.padEnd(column) : `${start}\n    `}${style.faint(description)}`;
  });
}

function irreversibleLines(migrations: MigrateResult["migrations"], { style }: Page): string[] {
  return migrations
    .filter(({ irreversible }) => irreversible !== null)
    .map(({ version, irreversible }) =>
      style.attention(`"${version}" cannot be rolled back: ${irreversible}`),
    );
}

function took({ migrations, definitions }: MigrateResult): string {
  const total = [...migrations, ...definitions].reduce(
    (sum, { duration }) => sum + (duration ?? 0),
    0,
  );
  return ` in ${formatDuration(total)}`;
}
