import type { Context, TargetContext } from "../../context.ts";
import { errorReport } from "../../output/error-report.ts";
import type { ErrorReport } from "../../output/results.ts";
import { formatDuration } from "../../output/units.ts";

/** What became of one database. */
export type Outcome<Result> = { readonly target: string } & (
  | { readonly kind: "done"; readonly result: Result; readonly duration: number }
  | { readonly kind: "failed"; readonly error: ErrorReport; readonly duration: number }
  | { readonly kind: "not run" }
);

export interface TargetRun<Result> {
  readonly jobs: number;
  /** After how many failures no other database is begun; those at work go on to their end. */
  readonly maxFailures: number;
  /** Run the first one alone, and no other if it fails. */
  readonly canaryFirst: boolean;
  readonly work: (context: Context) => Promise<Result>;
  /** Says in a few words what was done. */
  readonly describe: (result: Result) => string;
}

/**
 * Works on several databases, each in a session of its own, and says of each how it ended; throws nothing of theirs.
 * Returns them in the given order. After an interruption none is begun.
 */
export async function runTargets<Result>(
  context: Context,
  targets: readonly TargetContext[],
  run: TargetRun<Result>,
): Promise<readonly Outcome<Result>[]> {
  const pool = new Pool(context, targets, run);
  const embedded = targets.some((each) => each.context.config.connection.kind === "embedded");
  // One session more, which sends nothing, keeps the embedded server from being stopped and started in between.
  return embedded ? context.withDatabase(async () => pool.run()) : pool.run();
}

class Pool<Result> {
  readonly #context: Context;
  readonly #targets: readonly TargetContext[];
  readonly #run: TargetRun<Result>;
  readonly #outcomes: Outcome<Result>[];
  #begun = 0;
  #ended = 0;
  #failures = 0;

  constructor(context: Context, targets: readonly TargetContext[], run: TargetRun<Result>) {
    this.#context = context;
    this.#targets = targets;
    this.#run = run;
    this.#outcomes = targets.map(({ name }) => ({ target: name, kind: "not run" }));
  }

  async run(): Promise<readonly Outcome<Result>[]> {
    const { jobs, maxFailures, canaryFirst } = this.#run;
    if (canaryFirst) await this.#runNext();
    if (canaryFirst && this.#failures > 0) return this.#outcomes;
    const worker = async (): Promise<void> => {
      while (this.#failures < maxFailures && (await this.#runNext()));
    };
    await Promise.all(Array.from({ length: jobs }, worker));
    return this.#outcomes;
  }

  /** Returns whether there was one left to be run. */
  async #runNext(): Promise<boolean> {
    const place = this.#begun;
    const target = this.#targets[place];
    if (target === undefined || this.#context.signal.aborted) return false;
    this.#begun += 1;
    const outcome = await this.#outcomeOf(target);
    this.#outcomes[place] = outcome;
    this.#ended += 1;
    if (outcome.kind === "failed") this.#failures += 1;
    this.#context.output.note(
      `${this.#ended}/${this.#targets.length} ${target.name}: ${this.#say(outcome)}`,
    );
    return true;
  }

  async #outcomeOf({ name, context }: TargetContext): Promise<Outcome<Result>> {
    const began = performance.now();
    const ended = (): { target: string; duration: number } => ({
      target: name,
      duration: Math.round(performance.now() - began),
    });
    try {
      const result = await this.#run.work(context);
      return { ...ended(), kind: "done", result };
    } catch (error) {
      return { ...ended(), kind: "failed", error: errorReport(error) };
    }
  }

  #say(outcome: Outcome<Result>): string {
    if (outcome.kind === "failed") return `failed: ${outcome.error.message}`;
    if (outcome.kind === "not run") return outcome.kind;
    return `${this.#run.describe(outcome.result)}, ${formatDuration(outcome.duration)}`;
  }
}
