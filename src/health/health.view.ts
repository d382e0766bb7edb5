import { baselineBlock, coloured, countsOf, levels } from "../findings/findings.view.ts";
import type { Page, View } from "../output/output.ts";
import type { Style } from "../output/style.ts";
import { table } from "../output/table.ts";
import { count, formatBytes, formatNumber, shortName } from "../output/units.ts";
import type {
  CheckDescription,
  CheckList,
  Finding,
  HealthResult,
  Measured,
  NotChecked,
} from "./results.ts";

/** How many objects of a check are shown, unless all are asked for. */
const shownObjects = 5;

/** Shows the sizes, then what was found, the worst first, what was not looked at, and the counts. */
export function healthView({ all }: { readonly all: boolean }): View<HealthResult> {
  return (result, page) => {
    const { style } = page;
    const { database, user, serverVersion, isStandby, sizes } = result;
    const where = `Database "${database}", as role "${user}", PostgreSQL ${serverVersion}${isStandby ? ", a standby" : ""}`;
    return [
      where,
      ...groupBlocks(result, style, all),
      ...notCheckedBlock(result, style),
      ...baselineBlock(result.baseline, style),
      ...(sizes === null ? [] : sizeBlocks(sizes, page)),
      summary(result, style),
    ].join("\n\n");
  };
}

/** A block for the findings of each check and level: the levels in their order, and in each the checks in theirs. */
function groupBlocks({ findings, checks }: HealthResult, style: Style, all: boolean): string[] {
  return levels.flatMap((level) =>
    checks.flatMap((check) => {
      const found = findings.filter((each) => each.name === check.name && each.level === level);
      return found.length === 0 ? [] : [groupBlock({ ...check, level }, found, { style, all })];
    }),
  );
}

function groupBlock(
  { name, level, sentence, advice }: CheckDescription,
  findings: readonly Finding[],
  { style, all }: { readonly style: Style; readonly all: boolean },
): string {
  const shown = all ? findings : findings.slice(0, shownObjects);
  const rest = findings.length - shown.length;
  return [
    `${coloured(level, style)}  ${style.heading(name)}`,
    `  ${sentence}.`,
    `  ${style.faint(advice)}`,
    ...shown.map(findingLines),
    ...(rest > 0 ? [`  ${style.faint(`and ${rest} more: --all shows them.`)}`] : []),
  ].join("\n");
}

function findingLines({ object, message, cure }: Finding): string {
  return [
    `  ${shortName(object)}: ${message.replaceAll("\n", "\n    ")}`,
    ...(cure === null ? [] : cure.split("\n").map((line) => `    ${line}`)),
  ].join("\n");
}

function notCheckedBlock({ notChecked }: HealthResult, style: Style): string[] {
  if (notChecked.length === 0) return [];
  const reasons = [...new Set(notChecked.map(({ reason }) => reason))];
  const groups = reasons.map((reason) => notChecked.filter((each) => each.reason === reason));
  return [[style.heading("Not checked"), ...groups.map(obstacleLines)].join("\n")];
}

/** The checks that cannot be made for the same reason. */
function obstacleLines(same: readonly NotChecked[]): string {
  const [{ reason, cure }] = same as [NotChecked];
  return [
    `  ${same.map(({ name }) => name).join(", ")}: ${reason}`,
    ...(cure === null ? [] : [`    ${cure}`]),
  ].join("\n");
}

function sizeBlocks(
  { tables, indexes }: NonNullable<HealthResult["sizes"]>,
  page: Page,
): readonly string[] {
  const right = { align: "right" } as const;
  const ofTables = table(
    [
      { heading: "Largest tables" },
      { heading: "Size", ...right },
      { heading: "Indexes", ...right },
      { heading: "Rows, about", ...right },
    ],
    tables.map((each) => [
      measuredName(each),
      formatBytes(each.bytes),
      formatBytes(each.indexBytes ?? 0),
      formatNumber(each.rows),
    ]),
    page,
  );
  const ofIndexes = table(
    [{ heading: "Largest indexes" }, { heading: "Size", ...right }],
    indexes.map((each) => [measuredName(each), formatBytes(each.bytes)]),
    page,
  );
  return [...(tables.length > 0 ? [ofTables] : []), ...(indexes.length > 0 ? [ofIndexes] : [])];
}

function measuredName({ object, partitions }: Measured): string {
  return shortName(object) + (partitions > 1 ? ` (${partitions} partitions)` : "");
}

function summary({ findings, notChecked }: HealthResult, style: Style): string {
  const missed = notChecked.filter(({ countsAs }) => countsAs !== null).map(({ name }) => name);
  if (missed.length > 0) {
    const found = countsOf(findings) || "nothing";
    return `Found ${found}; ${count(new Set(missed).size, "check")} could not be made, or not in full.`;
  }
  if (findings.length === 0) return style.good("Nothing was found.");
  return `Found ${countsOf(findings)}.`;
}

/** Shows the checks with the worst level of each. */
export const checkListView: View<CheckList> = ({ checks: listed }, { style }) =>
  listed
    .map(
      ({ name, level, sentence }) =>
        `${style.heading(name)}  ${coloured(level, style)}\n  ${sentence}.`,
    )
    .join("\n");
