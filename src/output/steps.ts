import type { Output } from "./output.ts";
import { formatDuration } from "./units.ts";

/** What ended during a run, and how long it took in milliseconds. */
export interface EndedStep {
  readonly name: string;
  readonly duration: number;
}

/** The words for a step, such as "Applying" and "Applied". */
export interface StepWords {
  readonly begin: string;
  readonly end: string;
}

/** Steps of a run that are shown as they begin and end. */
export interface Steps {
  /** In the order in which they ended. */
  readonly ended: readonly EndedStep[];
  /** What began and has not ended; after a failure, what failed. */
  readonly current: string | undefined;
  begin(name: string): void;
  /** Ends the step; `what` is said of it before its duration. */
  end(name: string, what?: string): void;
  fail(): void;
}

/** Shows each step on the progress of an output, and measures it. */
export async function showSteps(output: Output, words: StepWords): Promise<Steps> {
  const progress = await output.progress();
  const ended: EndedStep[] = [];
  let current: string | undefined;
  let began = 0;
  return {
    ended,
    get current() {
      return current;
    },
    begin(name) {
      current = name;
      began = performance.now();
      progress.begin(`${words.begin} ${name}`);
    },
    end(name, what) {
      const duration = Math.round(performance.now() - began);
      ended.push({ name, duration });
      current = undefined;
      const said = [what, formatDuration(duration)].filter((part) => part !== undefined);
      progress.succeed(`${words.end} ${name} (${said.join(", ")})`);
    },
    fail() {
      if (current !== undefined) progress.fail();
    },
  };
}
