import type { Page, View } from "../output/output.ts";
import { harmless } from "../output/plain-text.ts";
import { table, type Column } from "../output/table.ts";
import { formatBytes, formatMoment, formatNumber, formatTime } from "../output/units.ts";
import { explanationText } from "./explain/explanation.view.ts";
import { headLine, ownerText, period } from "./head.view.ts";
import { inner, withLines } from "./lines.view.ts";
import { notesText } from "./notes.view.ts";
import type { Figures, SlowQueryResult } from "./results.ts";

/** Shows one statement: its text as it is stored, all its figures, whose it is, and what they point to. */
export const slowQueryView: View<SlowQueryResult> = (result, page) => {
  const { style } = page;
  const { advice } = result;
  return [
    headLine(result, page),
    [
      style.heading(`Query ${result.queryId}`),
      harmless(result.query ?? "(its text has been evicted)"),
    ].join("\n"),
    `${style.heading("Figures")} ${period(result.window)}\n${withLines(table(figureColumns, figureRows(result.figures), inner(page)), [])}`,
    withLines(entriesTable(result, inner(page)), []),
    ...(advice.length === 0
      ? []
      : [[style.heading("Advice"), ...advice.map(({ message }) => `  ${message}`)].join("\n")]),
    ...historyText(result, page),
    ...(result.explanation === null ? [] : [explanationText(result.explanation, page)]),
    ...notesText(result.notes, page),
  ].join("\n\n");
};

/** So many lines of its history are shown. */
const newest = 12;

function historyText({ history }: SlowQueryResult, page: Page): string[] {
  const ran = history.filter(({ calls }) => calls > 0);
  if (ran.length === 0) return [];
  const drawn = table(
    [
      { heading: "Until (UTC)" },
      { heading: "For", align: "right" },
      { heading: "Calls", align: "right" },
      { heading: "Total", align: "right" },
      { heading: "Mean", align: "right" },
    ],
    ran
      .slice(-newest)
      .map(({ from, to, calls, execTime, mean }) => [
        formatMoment(to),
        formatTime(Date.parse(to) - Date.parse(from)),
        formatNumber(calls),
        formatTime(execTime),
        formatTime(mean),
      ]),
    inner(page),
  );
  const left = ran.length > newest ? `, the newest ${newest} of ${ran.length}` : "";
  return [
    `${page.style.heading("History")} from snapshot to snapshot${left}\n${withLines(drawn, [])}`,
  ];
}

export const figureColumns: readonly Column[] = [
  { heading: "" },
  { heading: "In all", align: "right" },
  { heading: "Per call", align: "right" },
];

/** Writes all figures of a statement, a row each. */
export function figureRows(figures: Figures): string[][] {
  const { calls } = figures;
  const perCall = (value: number | null, write: (each: number) => string): [string, string] =>
    value === null ? ["not measured", ""] : [write(value), calls > 0 ? write(value / calls) : ""];
  return [
    ["Calls", formatNumber(calls), ""],
    ["Execution", ...perCall(figures.execTime, formatTime)],
    ["Share of all execution", `${(100 * figures.share).toFixed(1)}%`, ""],
    ["Standard deviation", "", deviation(figures)],
    ["Longest", "", optional(figures.max, formatTime)],
    ["Planning", ...perCall((figures.plans ?? 0) > 0 ? figures.planTime : null, formatTime)],
    ["Rows", ...perCall(figures.rows, formatNumber)],
    ["Blocks found in shared_buffers", ...perCall(figures.blocksHit, formatNumber)],
    ["Blocks read", ...perCall(figures.blocksRead, formatNumber)],
    ["Reading and writing", ...perCall(measuredIo(figures), formatTime)],
    ["Temporary files", ...perCall(figures.tempBytes, bytes)],
    ["WAL", ...perCall(figures.walBytes, bytes)],
    ["Compiling (jit)", ...perCall(figures.jitTime, formatTime)],
  ];
}

/** Blocks are not read in no time: then it is not measured. */
function measuredIo({ ioTime, blocksRead }: Figures): number | null {
  return ioTime === 0 && (blocksRead ?? 0) > 0 ? null : ioTime;
}

/** One call differs from nothing. */
function deviation({ calls, standardDeviation }: Figures): string {
  return calls < 2 ? "" : optional(standardDeviation, formatTime);
}

function bytes(value: number): string {
  return formatBytes(Math.round(value));
}

function optional(value: number | null, write: (each: number) => string): string {
  return value === null ? "not known" : write(value);
}

function entriesTable({ entries }: SlowQueryResult, page: Page): string {
  return table(
    [
      { heading: "Role and database" },
      { heading: "Calls", align: "right" },
      { heading: "Total", align: "right" },
      { heading: "Mean", align: "right" },
      { heading: "± Dev", align: "right" },
      { heading: "Since (UTC)", optional: true },
    ],
    entries.map((entry) => [
      `${ownerText(entry, 40)}${entry.isTopLevel ? "" : ", in a function"}`,
      formatNumber(entry.calls),
      formatTime(entry.execTime),
      formatTime(entry.mean),
      deviation(entry),
      entry.since === null ? "" : formatMoment(entry.since),
    ]),
    page,
  );
}
