import type { Database } from "../db/database.ts";
import type { Output } from "../output/output.ts";
import { formatDuration } from "../output/units.ts";

/** What ended during a run, and how long it took in milliseconds. */
export interface EndedStep {
  readonly name: string;
  readonly duration: number;
}

/** How far a run has come. */
export interface FollowedRun {
  /** In the order in which they ended. */
  readonly ended: readonly EndedStep[];
  /** What began and has not ended; after a failure, what failed. */
  readonly current: string | undefined;
  /** The place of the statement that failed, from 1, when the engine has told it. */
  readonly failedStatement: number | undefined;
  begin(name: string): void;
  end(name: string): void;
  failAt(statement: number): void;
  fail(): void;
}

/** The words for a step, such as "Applying" and "Applied". */
interface StepWords {
  readonly begin: string;
  readonly end: string;
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
  const followed = await showSteps(output, words);
  const ignore = database.onNotice(({ sqlState, severity, message, detail = "" }) => {
    if (sqlState === "DF100") followed.begin(detail);
    else if (sqlState === "DF101") followed.end(detail);
    else if (sqlState === "DF102") followed.failAt(Number(detail));
    else output.note(`${severity.toLowerCase()}: ${message}`);
  });
  try {
    return await run(followed);
  } catch (error) {
    followed.fail();
    throw error;
  } finally {
    ignore();
  }
}

async function showSteps(output: Output, words: StepWords): Promise<FollowedRun> {
  const progress = await output.progress();
  const ended: EndedStep[] = [];
  let current: string | undefined;
  let began = 0;
  let failedStatement: number | undefined;
  return {
    ended,
    get failedStatement() {
      return failedStatement;
    },
    failAt(statement) {
      failedStatement = statement;
    },
    get current() {
      return current;
    },
    begin(name) {
      current = name;
      began = performance.now();
      progress.begin(`${words.begin} ${name}`);
    },
    end(name) {
      const duration = Math.round(performance.now() - began);
      ended.push({ name, duration });
      current = undefined;
      progress.succeed(`${words.end} ${name} (${formatDuration(duration)})`);
    },
    fail() {
      if (current !== undefined) progress.fail();
    },
  };
}
