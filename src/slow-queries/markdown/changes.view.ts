import { code, markdownTable } from "../../output/markdown.ts";
import { formatMoment, formatNumber, formatTime } from "../../output/units.ts";
import { addedText, changeText, comparedTime, paceText } from "../changes.view.ts";
import type { Comparison, Interval } from "../results.ts";

/** How many changed statements are shown: those that cost most more. */
const most = 10;

/** Says what differs from an earlier window. */
export function comparisonText(comparison: Comparison): string[] {
  const { statements } = comparison;
  const heading = `### Changes from ${comparedTime(comparison)}`;
  if (statements.length === 0) return [heading, "Nothing that matters."];
  return [
    heading,
    markdownTable(
      [
        { heading: "Change" },
        { heading: "Added time", align: "right" },
        { heading: "Mean then", align: "right" },
        { heading: "Mean now", align: "right" },
        { heading: "Query", align: "right" },
        { heading: "Statement" },
      ],
      statements
        .slice(0, most)
        .map((statement) => [
          changeText(statement),
          addedText(statement),
          paceText(statement.before),
          paceText(statement.after),
          statement.queryId,
          code(statement.query ?? "(its text has been evicted)", 80),
        ]),
    ),
  ];
}

/** Says how much was executed from snapshot to snapshot. */
export function timelineText(timeline: readonly Interval[]): string[] {
  if (timeline.length === 0) return [];
  return [
    "### From snapshot to snapshot",
    markdownTable(
      [
        { heading: "From (UTC)" },
        { heading: "Until" },
        { heading: "Calls", align: "right" },
        { heading: "Execution", align: "right" },
        { heading: "Mean", align: "right" },
        { heading: "" },
      ],
      timeline.map(({ from, to, calls, execTime, mean, wasReset }) => [
        formatMoment(from),
        formatMoment(to),
        formatNumber(calls),
        formatTime(execTime),
        formatTime(mean),
        wasReset ? "reset meanwhile" : "",
      ]),
    ),
  ];
}
