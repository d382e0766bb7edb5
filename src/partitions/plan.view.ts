import type { Page, View } from "../output/output.ts";
import { table } from "../output/table.ts";
import { count, formatBytes, shortName } from "../output/units.ts";
import { failureLines } from "../output/failure-lines.ts";
import { describeSessions } from "../output/locking-sessions.ts";
import { describePeriod } from "./period.view.ts";
import type { PlannedParent, PlanResult } from "./results.ts";

/** Shows for each table the statements that would run, and the locks that they take. */
export const planView: View<PlanResult> = ({ database, parents }, page) => {
  const { style } = page;
  if (parents.length === 0) {
    return `${style.attention("No table")} of database "${database}" has a row in partition_policies.`;
  }
  return parents.map((parent) => parentText(parent, page)).join("\n\n");
};

function parentText(planned: PlannedParent, page: Page): string {
  const { parent, failed, missing } = planned;
  const { style } = page;
  const name = style.heading(shortName(parent));
  if (failed !== null) {
    return [
      `${name}: ${style.bad("cannot be planned")}`,
      ...failureLines(failed).map(indented),
    ].join("\n");
  }
  if (missing.length === 0) return `${name}: ${style.good("nothing is missing")}`;
  return [
    `${name}: would create ${count(missing.length, "partition")}, each in a transaction of its own`,
    ...missing.map((each) => `\n${statementText(each, page)}`),
    "",
    lockTable(planned, page),
    ...scanLines(planned, page),
    ...sessionLines(planned, page),
  ].join("\n");
}

function statementText(each: PlannedParent["missing"][number], { style }: Page): string {
  const { partition, reason, statements } = each;
  const about = style.faint(`-- ${shortName(partition)}${describePeriod(each)}: ${reason}`);
  return [about, ...statements.map((statement) => `${statement};`)].join("\n");
}

function lockTable({ locks }: PlannedParent, page: Page): string {
  return table(
    [{ heading: "Table" }, { heading: "Lock" }, { heading: "Taken by" }],
    locks.map(({ relation, mode, statement }) => [shortName(relation), mode, statement]),
    page,
  );
}

function scanLines({ scans }: PlannedParent, { style }: Page): string[] {
  return scans.map(({ partition, size }) => {
    const text = size === null ? "" : ` (${formatBytes(size)})`;
    return style.attention(
      `"${shortName(partition)}"${text} is read whole for each partition, and locked meanwhile.`,
    );
  });
}

function sessionLines({ locks }: PlannedParent, { style }: Page): string[] {
  const sessions = describeSessions(locks);
  if (sessions.length === 0) return ["No session holds a lock that stands against these now."];
  return [style.attention("In the way now:"), ...sessions.map(indented)];
}

function indented(line: string): string {
  return `  ${line}`;
}
