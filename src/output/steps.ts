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
  /** How long it has been going on, in milliseconds; 0 when nothing is. */
  readonly currentDuration: number;
  begin(name: string): void;
  /** Ends the step; `what` is said of it before its duration. */
  end(name: string, what?: string): void;
  /** Says how far the step in hand is. */
  readonly tell: (how: string) => void;
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
    get currentDuration() {
      return current === undefined ? 0 : performance.now() - began;
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
    tell: (how) => {
      if (current !== undefined) progress.update(`${words.begin} ${current}: ${how}`);
    },
    fail() {
      if (current !== undefined) progress.fail();
    },
  };
}
