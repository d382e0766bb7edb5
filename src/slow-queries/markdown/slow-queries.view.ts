import { code, codeBlock, markdownTable, prose } from "../../output/markdown.ts";
import type { DocumentView } from "../../output/output.ts";
import type { Column } from "../../output/table.ts";
import { count, formatTime } from "../../output/units.ts";
import { blockersAmong, processName } from "../blocking.view.ts";
import { documentPage, explanationLines } from "../explain/explanation.view.ts";
import { period } from "../head.view.ts";
import type {
  RunningSession,
  SlowQueriesResult,
  StatementReport,
  StatementsReport,
} from "../results.ts";
import { stateText } from "../running.view.ts";
import { contents, figuresFor, setAside, sortWords } from "../statements.view.ts";
import { comparisonText, timelineText } from "./changes.view.ts";
import { cureBlock, headText, notesText } from "./parts.view.ts";

/** How many sessions are shown, and how much of a statement in a table, in columns. */
const most = { sessions: 10, text: 80 } as const;

/** Writes what a ticket or a chat needs: what runs and who blocks, then what costs most, what has changed, and the notes. */
export const slowQueriesMarkdown: DocumentView<SlowQueriesResult> = (result) =>
  [
    headText(result),
    ...runningText(result.running),
    ...(result.statements === null ? [] : statementsText(result.statements)),
    ...(result.comparison === null ? [] : comparisonText(result.comparison)),
    ...timelineText(result.timeline),
    ...notesText(result.notes),
  ].join("\n\n");

function runningText(sessions: readonly RunningSession[]): string[] {
  if (sessions.length === 0) return ["### Running now: nothing"];
  const active = sessions.filter(({ state }) => state === "active").length;
  const rest = sessions.length - most.sessions;
  return [
    `### Running now: ${count(active, "statement")}, ${count(sessions.length - active, "other session")}`,
    ...blockersAmong(sessions).flatMap(({ name, state, waiting, cure }) => [
      `**Blocking:** ${name}${state === "" ? "" : ` (${state})`} ← ${waiting}. To end it:`,
      cureBlock(cure),
    ]),
    markdownTable(
      [
        { heading: "PID", align: "right" },
        { heading: "Role and database" },
        { heading: "For", align: "right" },
        { heading: "State" },
        { heading: "Blocked by" },
        { heading: "Statement" },
      ],
      sessions
        .slice(0, most.sessions)
        .map((session) => [
          String(session.processId),
          [session.user, session.database].map((name) => code(name ?? "", 40)).join(" "),
          session.age === null ? "" : formatTime(Math.max(0, session.age)),
          prose(stateText(session)),
          session.blockedBy.map(processName).join(", "),
          code(session.query ?? "(hidden)", most.text),
        ]),
    ),
    ...(rest > 0 ? [`and ${count(rest, "younger one")}`] : []),
  ];
}

function statementsText(report: StatementsReport): string[] {
  const { statements, sort } = report;
  const [worst] = statements;
  const heading = [
    `### Statements ${period(report)}, ${sortWords[sort]} first`,
    prose([contents(report), ...setAside(report)].join(". ")),
  ];
  if (worst === undefined) return [...heading, "No statement to show."];
  const figures = figuresFor(report);
  return [
    ...heading,
    markdownTable(
      [
        ...figures.map(({ heading: name }) => rightAligned(prose(name))),
        { heading: "Query", align: "right" },
        { heading: "Role and database" },
        { heading: "Statement" },
      ],
      statements.map((statement) =>
        figures
          .map(({ write }) => prose(write(statement)))
          .concat(
            statement.queryId,
            ownerMarkdown(statement),
            code(statement.query ?? "(its text has been evicted)", most.text),
          ),
      ),
    ),
    ...plansText(statements),
    "The first one whole:",
    codeBlock("sql", worst.query ?? "-- its text has been evicted"),
    "More of it:",
    codeBlock("sh", `doramaflix-db slow-queries --query ${worst.queryId}`),
  ];
}

/** With --explain. */
function plansText(statements: readonly StatementReport[]): string[] {
  const plans = statements.flatMap(({ queryId, explanation }) =>
    explanation === null
      ? []
      : [`query ${queryId}`, ...explanationLines(explanation, documentPage), ""],
  );
  return plans.length === 0 ? [] : ["Their plans:", codeBlock("text", plans.join("\n").trimEnd())];
}

function rightAligned(heading: string): Column {
  return { heading, align: "right" };
}

function ownerMarkdown({ user, database }: StatementReport): string {
  return `${code(user ?? "(dropped)", 40)} ${code(database ?? "(dropped)", 40)}`;
}
