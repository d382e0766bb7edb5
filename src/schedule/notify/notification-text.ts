import type { JobNotification } from "../results.ts";

/** More than this is not read in a chat, and Slack takes no more than 40 000 characters. */
const mostProblems = 20;

/** Writes a notification for people. */
export function notificationText({
  kind,
  job,
  database,
  server,
  summary,
  problems,
}: JobNotification): string {
  const what = {
    failed: "has failed",
    findings: "has found what somebody should look at",
    recovered: "has recovered",
  }[kind];
  const more = problems.length - mostProblems;
  return [
    `The job "${job}" of database "${database}" at ${server} ${what}.`,
    ...(summary === null ? [] : [summary]),
    ...problems.slice(0, mostProblems).map((problem) => `• ${problem}`),
    ...(more > 0 ? [`… and ${more} more: doramaflix-db schedule status ${job}`] : []),
  ].join("\n");
}
