import { baselineBlock, coloured, countsOf } from "../findings/findings.view.ts";
import type { Page, View } from "../output/output.ts";
import type { Style } from "../output/style.ts";
import { table } from "../output/table.ts";
import { count, formatDuration, shortName } from "../output/units.ts";
import type { CheckResult, Finding, SectionResult, TracedMigration } from "./results.ts";

/** Shows what was found, the worst first, then the locks that were taken, and how long each section took. */
export const checkView: View<CheckResult> = (result, page) => {
  const { findings, trace } = result;
  return [
    ...findings.map((finding) => findingText(finding, page.style)),
    ...traceBlock(trace, page),
    ...baselineBlock(result.baseline, page.style),
    sectionTable(result, page),
    summary(result, page.style),
  ].join("\n\n");
};

function findingText(finding: Finding, style: Style): string {
  const { rule, level, message, cure } = finding;
  const [first, ...rest] = message.split("\n");
  return [
    `${coloured(level, style)}  ${style.heading(rule)}  ${placeOf(finding)}`,
    `  ${first}`,
    ...rest.map((line) => `    ${line}`),
    ...(cure ?? "").split("\n").flatMap((line) => (line === "" ? [] : [`  ${style.faint(line)}`])),
  ].join("\n");
}

/** Where a finding is: its place in a file, its object, or both. */
export function placeOf({ location, object }: Pick<Finding, "location" | "object">): string {
  const place = location === null ? "" : `${location.file}:${location.line}:${location.column}`;
  return [place, object === null ? "" : shortName(object)].filter((part) => part !== "").join("  ");
}

/** SHARE is the weakest mode for which writers wait. */
const felt = new Set(["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]);
const shownKinds = new Set(["table", "partitioned table", "materialized view"]);

/** The locks that others feel, of the tables that were there before their migration. */
function traceBlock(trace: readonly TracedMigration[], page: Page): string[] {
  const rows = trace.flatMap(({ version, statements }) =>
    (statements ?? []).flatMap(({ line, locks, rewritten }) =>
      locks
        .filter(({ kind, mode }) => shownKinds.has(kind) && felt.has(mode))
        .map(({ relation, mode }) => [
          `${version}:${line}`,
          page.style.attention(mode),
          shortName(relation) + (rewritten.includes(relation) ? " (rewritten)" : ""),
        ]),
    ),
  );
  if (rows.length === 0) return [];
  const columns = [{ heading: "At" }, { heading: "Lock taken" }, { heading: "On" }];
  return [table(columns, rows, page)];
}

/** What is to be said of a section stands below the table: beside the numbers it would take their place. */
function sectionTable({ sections, findings }: CheckResult, page: Page): string {
  const result = ({ name, notRun, duration }: SectionResult): string => {
    if (notRun !== null && duration === null) return "not run";
    return countsOf(findings.filter(({ section }) => section === name)) || "nothing found";
  };
  const drawn = table(
    [{ heading: "Section" }, { heading: "Time", align: "right" }, { heading: "Result" }],
    sections.map((section) => [
      section.name,
      section.duration === null ? "" : formatDuration(section.duration),
      result(section),
    ]),
    page,
  );
  const remarks = sections.flatMap(({ name, notRun, note }) =>
    [notRun, note].filter((text) => text !== null).map((text) => `${name}: ${text}`),
  );
  return [drawn, remarks.join("\n")].filter((part) => part !== "").join("\n\n");
}

function summary({ findings, migrations, server, base }: CheckResult, style: Style): string {
  const what =
    base === null
      ? count(migrations.total, "migration")
      : `${count(migrations.tried.length, "migration")} of ${migrations.total} that ${base} does not have`;
  const where = server === null ? "" : `, on PostgreSQL ${server}`;
  const found = countsOf(findings);
  return found === ""
    ? style.good(`Nothing was found in ${what}${where}.`)
    : `Found ${found} in ${what}${where}.`;
}
