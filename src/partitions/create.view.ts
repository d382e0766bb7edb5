import type { Page, View } from "../output/output.ts";
import { count, shortName } from "../output/units.ts";
import { failureLines } from "../output/failure-lines.ts";
import { describePeriod } from "./period.view.ts";
import type { CreatedParent, CreateResult } from "./results.ts";

/** Says of each table what was created, until when it is covered, and what failed. */
export const createView: View<CreateResult> = ({ database, parents }, page) => {
  const { style } = page;
  if (parents.length === 0) {
    return `${style.attention("No table")} of database "${database}" has a row in partition_policies.`;
  }
  const created = parents.reduce((sum, parent) => sum + parent.created.length, 0);
  const failed = parents.reduce((sum, parent) => sum + parent.failed.length, 0);
  const tables = `${count(parents.length, "table")} of database "${database}"`;
  const summary =
    created > 0
      ? `${style.good("Created")} ${count(created, "partition")} for ${tables}.`
      : failed > 0
        ? `${style.bad("Created nothing")} for ${tables}.`
        : `${style.good("Nothing is missing")} in ${tables}.`;
  return [summary, ...parents.flatMap((parent) => parentLines(parent, page))].join("\n");
};

function parentLines(
  { parent, created, failed, coveredUntil }: CreatedParent,
  page: Page,
): string[] {
  const { style } = page;
  const covered =
    coveredUntil === null
      ? style.bad("the present period has no partition")
      : `covered until ${coveredUntil.slice(0, 10)}`;
  const isUnknown = failed.some(({ from }) => from === null) && created.length === 0;
  const made = created.length === 0 ? "" : `, ${count(created.length, "partition")} created`;
  return [
    ...(isUnknown ? [] : [`  ${shortName(parent)}: ${covered}${made}`]),
    ...failed.flatMap((failure) => [
      `  ${style.bad("Failed")}: ${shortName(parent)}${describePeriod(failure)}`,
      ...failureLines(failure).map((line) => `    ${line}`),
    ]),
  ];
}
