import type { Page, View } from "../output/output.ts";
import type { Style } from "../output/style.ts";
import { count, formatDuration } from "../output/units.ts";
import type { DoctorResult, Finding, Repair } from "./doctor/results.ts";

/** The findings, the worst first, each with its cure; then what was repaired, or is about to be. */
export const doctorView: View<DoctorResult> = (result, page) => {
  const { database, repairs, findings, unexamined, tables } = result;
  const { style } = page;
  if (repairs.some(({ outcome }) => outcome === "planned")) return planView(result, page);
  const failed = unexamined.map(
    ({ parent, failure }) =>
      `${style.bad("not examined")}  "${shortName(parent)}": ${[failure.message, failure.hint].filter(Boolean).join(". ")}`,
  );
  const blocks = [
    ...(repairs.length > 0 ? [repairedBlock(repairs, style)] : []),
    ...findings.map((finding) => findingBlock(finding, style)),
    ...failed,
    summary({ database, tables, findings }, style),
  ];
  return blocks.join("\n\n");
};

const shownStatements = 5;

function findingBlock(finding: Finding, style: Style): string {
  const { level, finding: name, problem, consequence, command, statements } = finding;
  const first = statements.slice(0, shownStatements);
  const rest = statements.length - first.length;
  const cure = [
    ...(command === null ? [] : [`  ${command}`]),
    ...(command !== null && first.length > 0 ? [`  ${style.faint("or in SQL:")}`] : []),
    ...first.map((statement) => `  ${statement};`),
    ...(rest > 0
      ? [`  ${style.faint(`... and ${count(rest, "statement")} more: --json shows all.`)}`]
      : []),
  ];
  return [
    `${coloured(level, style)}  ${style.heading(name)}  ${problem}`,
    `  ${consequence}`,
    ...cure,
  ].join("\n");
}

function coloured(level: Finding["level"], style: Style): string {
  if (level === "error") return style.bad(level);
  return level === "warning" ? style.attention(level) : style.faint(level);
}

function summary(
  { database, tables, findings }: Pick<DoctorResult, "database" | "tables" | "findings">,
  style: Style,
): string {
  const of = (level: Finding["level"]): number =>
    findings.filter((finding) => finding.level === level).length;
  const counts = (["error", "warning", "note"] as const)
    .map((level) => [of(level), level] as const)
    .filter(([number]) => number > 0)
    .map(([number, level]) => count(number, level))
    .join(", ");
  const looked = `in ${count(tables, "table")} of database "${database}"`;
  return counts === ""
    ? `${style.good("Nothing is wrong")} ${looked}.`
    : `Found ${counts} ${looked}.`;
}

/** What is going to be done; of rows that are moved, how long it will take. */
function planView({ repairs, database }: DoctorResult, { style }: Page): string {
  const heading = `${style.heading("Would repair")} in database "${database}":`;
  return [heading, ...repairs.map((repair) => `  ${titleOf(repair)}${prediction(repair)}`)].join(
    "\n",
  );
}

function titleOf({ action, parent, object }: Repair): string {
  return `"${shortName(parent)}": ${action} ${shortName(object)}`;
}

function prediction({ rows, predicted, predictedForReaders }: Repair): string {
  if (rows === null) return "";
  if (predicted === null || predictedForReaders === null) return `: ${count(rows, "row")}`;
  return (
    `: ${count(rows, "row")}, about ${formatDuration(predicted)} without other writers, ` +
    `of which readers wait for about ${formatDuration(predictedForReaders)}`
  );
}

function repairedBlock(repairs: readonly Repair[], style: Style): string {
  return repairs.map((repair) => repairedLine(repair, style)).join("\n");
}

function repairedLine(repair: Repair, style: Style): string {
  const { outcome, rows, duration, failure } = repair;
  if (failure !== null) {
    const why = [failure.message, failure.detail, failure.hint].filter(Boolean).join(" ");
    return `${style.bad("failed")}  ${titleOf(repair)}: ${why}`;
  }
  if (outcome === "skipped") return `${style.attention("not tried")}  ${titleOf(repair)}`;
  const done = [
    ...(rows === null ? [] : [count(rows, "row")]),
    ...(duration === null ? [] : [formatDuration(duration)]),
  ];
  return `${style.good("repaired")}  ${titleOf(repair)} (${done.join(", ")})`;
}

function shortName(name: string): string {
  return name.replace(/^public\./, "");
}
