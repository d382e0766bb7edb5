import type { Page, View } from "../output/output.ts";
import { oneLine } from "../output/plain-text.ts";
import { headLine } from "./head.view.ts";
import { comparisonText } from "./comparison.view.ts";
import { notesText } from "./notes.view.ts";
import type { SlowQueriesResult } from "./results.ts";
import { runningText } from "./running.view.ts";
import { statementsText } from "./statements.view.ts";

/** Shows what runs now, the statements that cost most, what to know of both, and what to do next. */
export const slowQueriesView: View<SlowQueriesResult> = (result, page) => {
  const { statements, comparison, notes } = result;
  return [
    headLine(result, page),
    runningText(result.running, page),
    ...(statements === null ? [] : [statementsText(statements, page)]),
    ...(comparison === null ? [] : [comparisonText(comparison, page)]),
    ...notesText(notes, page),
    ...nextSteps(result, page),
  ].join("\n\n");
};

function nextSteps({ statements }: SlowQueriesResult, { style }: Page): string[] {
  if (statements === null) return [];
  const [worst] = statements.statements;
  const steps = [
    ...(worst === undefined
      ? []
      : [`One of them whole:  doramaflix-db slow-queries --query ${oneLine(worst.queryId, 20)}`]),
    ...(statements.source !== "reset"
      ? []
      : ["Only what runs now: doramaflix-db slow-queries --sample 30s"]),
  ];
  return steps.length === 0 ? [] : [style.faint(steps.join("\n"))];
}
