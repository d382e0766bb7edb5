import type { Page, View } from "../output/output.ts";
import { count, formatBytes, formatDuration } from "../output/units.ts";
import type { ConvertResult } from "./convert/results.ts";

type Statement = ConvertResult["statements"][number];

/** What stands in the way, or what will be done or has been done, statement by statement. */
export const convertView: View<ConvertResult> = (result, page) =>
  (result.step === "plan" || isUndoPlan(result) ? planLines : doneLines)(result, page).join("\n");

/** What --undo shows before it asks. */
function isUndoPlan({ step, lockedFor, newerRows }: ConvertResult): boolean {
  return step === "undo" && lockedFor === null && newerRows !== null;
}

function planLines(result: ConvertResult, page: Page): string[] {
  const { table, problems, state } = result;
  if (problems.length > 0) {
    const what = state === "converted" ? "turned back into a plain table" : "converted";
    return [
      `${page.style.bad("Table")} "${table}" cannot be ${what}:`,
      ...problems.flatMap(({ problem, cure }) => {
        const line = `  - ${problem}`;
        return cure === null ? [line] : [line, `    ${page.style.faint(cure)}`];
      }),
    ];
  }
  return [
    ...summary(result, page),
    ...phases.flatMap((phase) => phaseLines(phase, result, page)),
    ...closing(result, page),
  ];
}

function summary(result: ConvertResult, { style }: Page): string[] {
  const { table, state, original, column, granularity, cut, newerRows } = result;
  const day = dayOf(cut);
  if (state === "converted") {
    return [
      `${style.good("Converted:")} "${table}" is partitioned by "${column}"; "${original}" holds the rows before ${day}.`,
      `Undoing moves ${count(newerRows ?? 0, "row")} of newer partitions.`,
    ];
  }
  return [
    `${style.heading(`Table "${table}"`)}: ${sizeOf(result)}.`,
    `By "${column}", ${granularity}: its rows stay where they are, as the partition before ${day}, and no row is copied.`,
  ];
}

function sizeOf({ rows, bytes }: ConvertResult): string {
  return rows === null ? formatBytes(bytes) : `about ${count(rows, "row")}, ${formatBytes(bytes)}`;
}

const phases = [
  {
    phase: "preparation",
    heading: "Preparation, with --prepare; readers and writers go on:",
  },
  { phase: "cut-over", heading: "Cut-over, with --cut-over; one transaction:" },
  {
    phase: "ahead",
    heading: "Then, each a transaction of its own; readers and writers go on:",
  },
  { phase: "undo online", heading: "Undoing, first; readers and writers go on:" },
  { phase: "undo", heading: "Undoing, then; one transaction:" },
] as const satisfies readonly Phase[];

interface Phase {
  readonly phase: Statement["phase"];
  readonly heading: string;
}

function phaseLines({ phase, heading }: Phase, result: ConvertResult, page: Page): string[] {
  const statements = result.statements.filter((statement) => statement.phase === phase);
  if (statements.length === 0) return [];
  return [
    "",
    page.style.heading(heading),
    ...statements.flatMap((statement) => {
      const line = `  ${statement.sql};`;
      const locks = lockLine(statement, result);
      return locks === undefined ? [line] : [line, `    ${page.style.faint(locks)}`];
    }),
  ];
}

function lockLine(
  { locks, readsTable, phase }: Statement,
  { bytes }: ConvertResult,
): string | undefined {
  if (locks.length === 0) return undefined;
  const isOneTransaction = phase === "cut-over" || phase === "undo";
  const parts = [
    ...locks.map(({ mode, tables }) => `${mode} on ${tables.join(", ")}`),
    ...(isOneTransaction ? ["until the end"] : []),
    ...(readsTable ? [`reads all of it, ${formatBytes(bytes)}`] : []),
  ];
  return `-- ${parts.join("; ")}`;
}

function closing({ state, cut }: ConvertResult, { style }: Page): string[] {
  const day = dayOf(cut);
  if (state === "converted") return [];
  const refused = `Rows from ${day} on are refused between the preparation and the cut-over`;
  return [
    "",
    state === "prepared"
      ? style.attention(`The table is prepared. ${refused}: cut over before that day.`)
      : `${refused}: cut over before that day.`,
  ];
}

function doneLines(result: ConvertResult, { style }: Page): string[] {
  const { step, table, cut, statements, column, original } = result;
  const day = dayOf(cut);
  if (step === "undo") return [undoneLine(result, style.good)];
  if (step === "prepare" && result.state !== "converted") {
    const done = statements.length === 0 ? "Prepared already" : "Prepared";
    return [
      `${style.good(done)}: "${table}" can be cut at ${day}.`,
      `Rows from that day on are refused until the cut-over: run it before, with --cut-over.`,
    ];
  }
  if (result.lockedFor === null) {
    const added = count(statements.length, "further partition");
    const done = statements.length === 0 ? "Nothing to do" : `Created ${added}`;
    return [`${style.good(done)}: "${table}" is converted already.`];
  }
  return [
    `${style.good("Converted")}: "${table}" is partitioned by "${column}"; others waited for ${formatDuration(result.lockedFor)} at most.`,
    `"${original}" holds the rows before ${day}. "doramaflix-db partitions create" makes further partitions from now on.`,
  ];
}

function undoneLine(
  { table, statements, newerRows, lockedFor }: ConvertResult,
  good: (text: string) => string,
): string {
  if (statements.length === 0) return `${good("Nothing to undo")}: "${table}" is a plain table.`;
  if (lockedFor === null)
    return `${good("Undone")}: nothing of the preparation of "${table}" is left.`;
  return (
    `${good("Undone")}: "${table}" is a plain table again, with ${count(newerRows ?? 0, "row")} moved back; ` +
    `others waited for ${formatDuration(lockedFor)} at most.`
  );
}

/** Without a cut there is nothing to say of one. */
function dayOf(cut: string | null): string {
  return (cut ?? "").slice(0, 10);
}
