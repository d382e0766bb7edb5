import type { Page } from "../output/output.ts";
import { oneLine } from "../output/plain-text.ts";
import { table, type Column } from "../output/table.ts";
import { count, formatBytes, formatNumber, formatPercent, formatTime } from "../output/units.ts";
import { explanationLines } from "./explain/explanation.view.ts";
import { ownerText, period } from "./head.view.ts";
import { inner, withLines } from "./lines.view.ts";
import type { StatementReport, StatementsReport, Sum } from "./results.ts";

/** From that width on, a statement's number and owner stand beside its figures, and otherwise below its text. */
const wide = 120;

/** Shows the statements that cost most: a line of figures each, and its text below. */
export function statementsText(report: StatementsReport, page: Page): string {
  const { statements } = report;
  const { style } = page;
  return [
    `${style.heading("Statements")} ${period(report)}, ${sortWords[report.sort]} first`,
    `  ${style.faint(contents(report))}`,
    statements.length === 0
      ? `  ${style.good("No statement to show.")}`
      : drawStatements(report, page),
    ...setAside(report).map((line) => `  ${style.faint(line)}`),
  ].join("\n");
}

/** Says what the first statement has most of. */
export const sortWords: Readonly<Record<StatementsReport["sort"], string>> = {
  total: "most time in all",
  mean: "longest on average",
  calls: "most often called",
  rows: "most rows",
  io: "most I/O",
  temp: "most temporary files",
  wal: "most WAL",
  planning: "most planning",
};

/** Says how much it is of which the statements are a part. */
export function contents({
  total,
  entries,
  maxEntries,
  evictions,
  source,
}: StatementsReport): string {
  const room = maxEntries === null ? "" : ` of at most ${maxEntries}`;
  const evicted =
    evictions === null || evictions === 0
      ? ""
      : `, evicted ${evictions === 1 ? "once" : `${evictions} times`}: may miss rare queries`;
  return `${formatTime(total.execTime)} in ${formatNumber(total.calls)} calls${source === "reset" ? "" : " that ended"}; ${count(entries, "statement")} known${room}${evicted}`;
}

interface Figure extends Column {
  readonly write: (statement: StatementReport) => string;
}

/** The figures that are shown of each statement; what nothing is known of is left out. */
export function figuresFor({ sort, statements }: StatementsReport): Figure[] {
  const some = (pick: (statement: StatementReport) => number | null): boolean =>
    statements.some((statement) => (pick(statement) ?? 0) > 0);
  return [
    { heading: "Share", write: ({ share }) => formatPercent(share) },
    ...(extra[sort] ?? []),
    { heading: "Calls", write: ({ calls }) => formatNumber(calls) },
    { heading: "Mean", write: ({ mean }) => formatTime(mean) },
    {
      heading: "± Dev",
      // One call differs from nothing.
      write: ({ standardDeviation, calls }) =>
        standardDeviation === null || calls < 2 ? "" : formatTime(standardDeviation),
    },
    { heading: "Rows", write: ({ rowsPerCall }) => formatNumber(rowsPerCall) },
    { heading: "Hit", write: ({ hitRatio }) => (hitRatio === null ? "" : formatPercent(hitRatio)) },
    ...(some(({ tempBytes }) => tempBytes) || sort === "temp"
      ? [{ heading: "Temp", write: ({ tempBytes }: StatementReport) => size(tempBytes) }]
      : []),
    ...(some(({ walBytes }) => walBytes) || sort === "wal"
      ? [{ heading: "WAL", write: ({ walBytes }: StatementReport) => size(walBytes) }]
      : []),
  ];
}

const total: Figure = { heading: "Total", write: ({ execTime }) => formatTime(execTime) };

/** The figure by which they are sorted, where it is not shown anyway. */
const extra: Readonly<Partial<Record<StatementsReport["sort"], readonly Figure[]>>> = {
  total: [total],
  mean: [total],
  rows: [{ heading: "All rows", write: ({ rows }) => formatNumber(rows) }],
  io: [
    { heading: "I/O", write: ({ ioTime }) => formatTime(ioTime ?? 0) },
    { heading: "Blocks", write: ({ blocksRead }) => formatNumber(blocksRead ?? 0) },
  ],
  planning: [{ heading: "Planning", write: ({ planTime }) => formatTime(planTime ?? 0) }],
};

function drawStatements(report: StatementsReport, page: Page): string {
  const { statements } = report;
  const figures = figuresFor(report);
  const isWide = page.width >= wide;
  const drawn = table(
    [
      ...figures.map(({ heading }): Column => ({ heading, align: "right" })),
      ...(isWide
        ? ([{ heading: "Query", align: "right" }, { heading: "Role and database" }] as const)
        : []),
    ],
    statements.map((statement) => [
      ...figures.map(({ write }) => write(statement)),
      ...(isWide ? [statement.queryId, ownerText(statement, 30)] : []),
    ]),
    inner(page),
  );
  const below = statements.map((statement) => {
    const text = queryText(statement, page.width - 4);
    const owner = page.style.faint(`query ${statement.queryId}, ${ownerText(statement, 46)}`);
    return (isWide ? [text] : [text, owner]).concat(explanationLines(statement.explanation, page));
  });
  return withLines(drawn, below);
}

function queryText({ query, isTopLevel }: StatementReport, columns: number): string {
  const place = isTopLevel ? "" : "in a function: ";
  return `${place}${oneLine(query ?? "(its text has been evicted)", columns - place.length)}`;
}

/** What is no statement of the application, or cannot be seen, is counted without being listed. */
export function setAside({ total: all, utility, own, hidden }: StatementsReport): string[] {
  const parts: [string, Sum][] = [
    ["SET, BEGIN, COMMIT and the like", utility],
    ["this tool", own],
    ["hidden", hidden],
  ];
  const present = parts.filter(([, { statements }]) => statements > 0);
  if (present.length === 0) return [];
  const texts = present.map(
    ([name, { execTime }]) =>
      `${name} ${formatPercent(all.execTime > 0 ? execTime / all.execTime : 0)} (${formatTime(execTime)})`,
  );
  return [`Not listed: ${texts.join(", ")}`];
}

function size(bytes: number | null): string {
  return bytes === null || bytes === 0 ? "" : formatBytes(bytes).replace(" bytes", " B");
}
