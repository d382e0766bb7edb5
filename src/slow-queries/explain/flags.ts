import { formatBytes, formatNumber, formatTime, shortName } from "../../output/units.ts";
import type { Figures } from "../results.ts";
import type { Plan } from "./plan.ts";
import type { Flag } from "./results.ts";
import type { PlannedTable } from "./tables.ts";

/** What a plan points to, and what to do about it. */
export function flagsOf(
  plan: Plan,
  tables: readonly PlannedTable[],
  figures: Pick<Figures, "mean" | "calls">,
): Flag[] {
  const flags = [
    ...tables.flatMap((table) => [everyPartition(table), sequentialScan(table)]),
    longPlanning(plan, figures),
  ];
  return flags.filter((flag) => flag !== undefined);
}

/**
 * A plan without values has all partitions even where the execution leaves most of them out, so its conditions tell: an
 * execution can choose among partitions only by comparing the key with something that is known before.
 */
function everyPartition(table: PlannedTable): Flag | undefined {
  const { root, partitions, key_columns: columns } = table.relation;
  const read = new Set(table.scans.map(({ scanned }) => `${scanned?.schema} ${scanned?.name}`));
  if (partitions < 2 || read.size < partitions || table.isUnclear || choosesPartitions(table))
    return undefined;
  const key = columns.join(", ");
  return {
    name: "reads_every_partition",
    relation: root,
    message: `It reads all ${partitions} partitions of ${shortName(root)} each time: no condition compares ${key}, by which that is partitioned, with a value.`,
    cure: `Filter on ${key} as well${columns.length > 1 ? ", the first of them at least" : ""}: the column itself, not an expression of it.`,
  };
}

function choosesPartitions({ relation, comparisons }: PlannedTable): boolean {
  const { strategy, key_columns: columns, key_has_expression: hasExpression } = relation;
  // Which condition is on the same expression, only the server could say.
  if (hasExpression || columns.length === 0) return true;
  const compared = (column: string | undefined, kinds?: readonly string[]): boolean =>
    comparisons.some((each) => each.column === column && (kinds?.includes(each.kind) ?? true));
  return strategy === "h"
    ? columns.every((column) => compared(column, ["equal", "null"]))
    : compared(columns[0]);
}

/** A table is large from here on. */
const largeTable = { rows: 10_000, bytes: 8 * 2 ** 20 };

/** Rows in a greater share of the table than this are found faster by reading all of it. */
const largeShare = 0.2;

function sequentialScan({ relation, scans }: PlannedTable): Flag | undefined {
  const { root, rows, bytes } = relation;
  const sequential = scans.filter(({ type }) => type === "Seq Scan");
  if (sequential.length === 0 || rows < largeTable.rows || bytes < largeTable.bytes)
    return undefined;
  const found = sequential.reduce((sum, scan) => sum + scan.rows, 0);
  const isFiltered = sequential.some(({ conditions }) => conditions.length > 0);
  const part = sequential.length < scans.length ? "parts of " : "";
  return {
    name: "sequential_scan",
    relation: root,
    message: `It reads ${part}${shortName(root)} from end to end, which has ${formatNumber(rows)} rows in ${formatBytes(bytes)}${isFiltered ? `, for about ${formatNumber(found)} of them` : ""}.`,
    cure: cureOfScan(isFiltered, found / rows),
  };
}

function cureOfScan(isFiltered: boolean, share: number): string {
  if (!isFiltered)
    return "If not all rows are needed, filter; otherwise keep the result, as in a materialized view.";
  return share > largeShare
    ? "No index helps with so large a part: filter more, or keep the result, as in a materialized view."
    : "An index on what the condition compares may help; an expression needs one of its own.";
}

function longPlanning(
  { planningTime }: Plan,
  { mean, calls }: Pick<Figures, "mean" | "calls">,
): Flag | undefined {
  if (calls === 0 || planningTime < 1 || planningTime <= mean) return undefined;
  return {
    name: "planning_time",
    relation: null,
    message: `Planning it takes ${formatTime(planningTime)}, longer than its execution of ${formatTime(mean)} on average.`,
    cure: "Prepare it, so that the plan is made once, or let it name fewer partitions and tables.",
  };
}
