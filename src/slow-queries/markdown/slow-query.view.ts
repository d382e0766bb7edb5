import { code, codeBlock, markdownTable, prose } from "../../output/markdown.ts";
import type { DocumentView } from "../../output/output.ts";
import { formatNumber, formatTime } from "../../output/units.ts";
import { documentPage, explanationText } from "../explain/explanation.view.ts";
import { period } from "../head.view.ts";
import type { SlowQueryResult } from "../results.ts";
import { figureColumns, figureRows } from "../slow-query.view.ts";
import { timelineText } from "./changes.view.ts";
import { headText, notesText } from "./parts.view.ts";

/** Writes one statement: its text, what its figures point to, the figures, and whose it is. */
export const slowQueryMarkdown: DocumentView<SlowQueryResult> = (result) =>
  [
    headText(result),
    `### Query ${result.queryId}`,
    codeBlock("sql", result.query ?? "-- its text has been evicted"),
    ...(result.advice.length === 0
      ? []
      : [result.advice.map(({ message }) => `- ${prose(message)}`).join("\n")]),
    `### Figures ${period(result.window)}`,
    markdownTable(figureColumns, figureRows(result.figures)),
    markdownTable(
      [
        { heading: "Role and database" },
        { heading: "Calls", align: "right" },
        { heading: "Total", align: "right" },
        { heading: "Mean", align: "right" },
      ],
      result.entries.map(({ user, database, isTopLevel, calls, execTime, mean }) => [
        `${code(user ?? "(dropped)", 63)} ${code(database ?? "(dropped)", 63)}${isTopLevel ? "" : ", in a function"}`,
        formatNumber(calls),
        formatTime(execTime),
        formatTime(mean),
      ]),
    ),
    ...(result.explanation === null
      ? []
      : [codeBlock("text", explanationText(result.explanation, documentPage))]),
    ...timelineText(result.history),
    ...notesText(result.notes),
  ].join("\n\n");
