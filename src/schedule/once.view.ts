import type { Page } from "../output/output.ts";
import { formatDuration } from "../output/units.ts";
import type { OnceJob, OnceResult } from "./results.ts";
import { resultWord } from "./words.view.ts";

/** Shows a line for each job, and below it what failed and what was found. */
export function onceView({ jobs }: OnceResult, page: Page): string {
  return jobs.map((job) => lines(job, page)).join("\n");
}

function lines(
  { job, result, duration, summary, failures, findings }: OnceJob,
  page: Page,
): string {
  const first = `${page.style.heading(job)}: ${resultWord(result, page)} in ${formatDuration(duration)}.`;
  return [
    summary === null ? first : `${first} ${summary}`,
    ...[...failures, ...findings].map((each) => `  ${each}`),
  ].join("\n");
}
