import type { Page } from "../../output/output.ts";
import { harmless, oneLine } from "../../output/plain-text.ts";
import { plainStyle } from "../../output/style.ts";
import {
  count,
  formatBytes,
  formatMoment,
  formatNumber,
  formatTime,
  shortName,
} from "../../output/units.ts";
import type { Explanation, IndexSuggestion, PlanStep } from "./results.ts";

/** For documents, whose readers have no terminal. */
export const documentPage: Page = { width: 100, style: plainStyle };

/** Shows the plan of a statement as a tree, what it points to, and the indexes that would make it cheaper. */
export function explanationText(explanation: Explanation, page: Page): string {
  const { style } = page;
  const { obstacle, role, searchPath, planningTime, plan, indexes, flags } = explanation;
  if (obstacle !== null) {
    return [style.heading("Not explainable"), ...said(obstacle)].join("\n");
  }
  const asWhom = `as role "${oneLine(role ?? "", 63)}", search_path = ${oneLine(searchPath ?? "", 80)}`;
  return [
    `${style.heading("Plan without its values")} made in ${formatTime(planningTime ?? 0)}; it was not executed`,
    `  ${style.faint(asWhom)}`,
    ...plan.flatMap((step) => stepLines(step, page)),
    ...flags.flatMap((flag) => spaced(said(flag))),
    ...indexes.flatMap((index) => spaced(indexLines(index, page))),
    ...explanation.remarks.flatMap((remark) => spaced(said(remark))),
  ].join("\n");
}

/** The same in a few lines, for a list of statements. */
export function explanationLines(explanation: Explanation | null, page: Page): string[] {
  if (explanation === null) return [];
  const { obstacle, plan, flags, indexes } = explanation;
  const room = { ...page, width: page.width - 4 };
  if (obstacle !== null) return [`not explainable: ${lineOf(obstacle.message, room, 17)}`];
  const [top] = plan;
  const reads = plan.flatMap((step) => (isRead(step) ? [whatItDoes(step)] : []));
  const cost = `cost ${formatNumber(top?.cost ?? 0)}: `;
  return [
    `plan: ${lineOf(cost + (reads.join(", ") || (top?.type ?? "")), room, 6)}`,
    ...flags.map(({ message }) => `  ${page.style.attention("!")} ${lineOf(message, room, 4)}`),
    ...indexes.map(
      (index) =>
        `  ${page.style.good("+")} ${lineOf(`${headOf(index)}: ${gainOf(index)}`, room, 4)}`,
    ),
  ];
}

function spaced(lines: readonly string[]): string[] {
  return [""].concat(lines);
}

function lineOf(text: string, { width }: Page, taken: number): string {
  return oneLine(text, width - taken);
}

function isRead({ relation, alias }: PlanStep): boolean {
  return relation !== null && alias !== null;
}

function said({
  message,
  cure,
}: {
  readonly message: string;
  readonly cure: string | null;
}): string[] {
  const lines = [message, ...(cure === null ? [] : [cure])];
  return lines.map((line) => `  ${harmless(line)}`);
}

function stepLines(step: PlanStep, page: Page): string[] {
  const margin = "  ".repeat(step.depth + 1);
  const estimate = `rows ${formatNumber(step.rows)}, cost ${formatNumber(step.cost)}`;
  const room = page.width - margin.length;
  return [
    `${margin}${oneLine(whatItDoes(step), room - estimate.length - 2)}  ${page.style.faint(estimate)}`,
    ...step.conditions.map((each) => `${margin}  ${page.style.faint(oneLine(each, room - 2))}`),
  ];
}

function whatItDoes({ type, relation, alias, index, partitions }: PlanStep): string {
  if (relation === null) return index === null ? type : `${type} on ${index}`;
  const name = relation.split(".").at(-1);
  const named = alias === null || alias === name || partitions !== null ? "" : ` ${alias}`;
  const by = index === null ? "" : ` by ${index}`;
  const parts = partitions === null ? "" : `, ${count(partitions, "partition")}`;
  return `${type} on ${shortName(relation)}${named}${by}${parts}`;
}

function headOf({ table, columns }: IndexSuggestion): string {
  return `index on ${shortName(table)} (${columns.join(", ")})`;
}

function gainOf({ costBefore, costAfter }: IndexSuggestion): string {
  return `cost ${formatNumber(costBefore)} → ${formatNumber(costAfter)}`;
}

/** Of the statements for a table with many partitions, some are shown. */
const mostStatements = 12;

function indexLines(index: IndexSuggestion, page: Page): string[] {
  const { bytes, statements } = index;
  const size = bytes === null ? "" : `, about ${formatBytes(bytes)}`;
  const shown =
    statements.length > mostStatements ? statements.slice(0, mostStatements - 1) : statements;
  const left = statements.length - shown.length;
  return [
    `  ${page.style.heading("Index")} ${oneLine(headOf(index).slice("index ".length), page.width - 10)}`,
    `    ${gainOf(index)} with a hypothetical one (HypoPG)${size}`,
    `    ${writeCost(index)}`,
    ...shown.map((statement) => `    ${harmless(statement)}`),
    ...(left === 0 ? [] : [`    … and ${count(left, "statement")} more; --json has all of them`]),
  ];
}

function writeCost({ presentIndexes, writes }: IndexSuggestion): string {
  const { inserted, updated, deleted, hotUpdated, since } = writes;
  const period = since === null ? "so far" : `since ${formatMoment(since)} UTC`;
  const hot =
    hotUpdated === 0
      ? ""
      : ` ${formatNumber(hotUpdated)} of the updates left all indexes as they were (HOT); those that change these columns no longer would.`;
  const present = presentIndexes === 1 ? "1 index" : `${presentIndexes} indexes`;
  return `Writes ${period}: ${formatNumber(inserted)} rows inserted, ${formatNumber(updated)} updated, ${formatNumber(deleted)} deleted; the table has ${present} so far, and each write would keep one more.${hot}`;
}
