import type { Database, Notice } from "../../db/database.ts";
import type { Output } from "../../output/output.ts";
import { showSteps, type Steps, type StepWords } from "../../output/steps.ts";

/** How far a run has come. */
export interface FollowedRun extends Pick<Steps, "ended" | "current" | "currentDuration" | "tell"> {
  /** The place of the statement that failed, from 1, when the engine has told it. */
  readonly failedStatement: number | undefined;
}

/**
 * Shows each migration or file as it begins and ends, from the notices that the engine raises: DF100 and DF101 with the
 * name as detail, and DF102 with the place of a statement that failed. Other notices and warnings are shown as they come.
 */
export async function followRun<Result>(
  { database, output }: { readonly database: Database; readonly output: Output },
  words: StepWords,
  run: (followed: FollowedRun) => Promise<Result>,
): Promise<Result> {
  const steps = await showSteps(output, words);
  let failedStatement: number | undefined;
  const ignore = database.onNotice((notice) => {
    const { sqlState, detail = "" } = notice;
    if (sqlState === "DF100") steps.begin(detail);
    else if (sqlState === "DF101") steps.end(detail);
    else if (sqlState === "DF102") failedStatement = Number(detail);
    else show(notice, output);
  });
  try {
    return await run({
      ended: steps.ended,
      get current() {
        return steps.current;
      },
      get currentDuration() {
        return steps.currentDuration;
      },
      tell: steps.tell,
      get failedStatement() {
        return failedStatement;
      },
    });
  } catch (error) {
    steps.fail();
    throw error;
  } finally {
    ignore();
  }
}

function show({ severity, message, hint }: Notice, output: Output): void {
  const text = hint === undefined ? message : `${message} ${hint}`;
  if (severity === "WARNING") output.warn(text);
  else output.note(`${severity.toLowerCase()}: ${text}`);
}
