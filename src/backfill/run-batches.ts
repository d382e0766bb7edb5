import { setTimeout as sleep } from "node:timers/promises";
import { quoteLiteral } from "../core/identifiers.ts";
import { retryOnLock } from "../db/lock-retry.ts";
import { formatDuration } from "../output/units.ts";
import { nextSize } from "./batch-size.ts";
import { batchFailed, interrupted, standingOf, type Standing } from "./failure.ts";
import { restrain } from "./hold-back.ts";
import { showProgress } from "./progress.ts";
import type { BackfillResult } from "./results.ts";
import { batchStatement, type Work } from "./backfill-work.ts";

/** What run_backfill_batch returns. */
interface Batch {
  readonly batch_to: string | null;
  readonly walked: number;
  readonly changed: number;
  readonly waiting: number;
  readonly finished: boolean;
}

/** What a run did, and in which state it left the table. */
export type Ran = Pick<BackfillResult, "run" | "deadRows" | "liveRows">;

/**
 * Runs batch after batch until the end. Each is one message and one transaction with its row in the journal, so that it
 * does not matter when anything is killed. Throws BACKFILL_FAILED and, after the batch in hand, INTERRUPTED.
 */
export async function runBatches(work: Work): Promise<Ran> {
  const { input, signal } = work;
  const run = { batches: 0, rowsWalked: 0, rowsChanged: 0, batchesInTheWay: 0 };
  const began = performance.now();
  const restraint = restrain(work);
  const progress = await showProgress(work);
  const runner = batchRunner(work);
  try {
    for (let finished = false; !finished;) {
      if (signal.aborted) throw interrupted(runner.standing);
      await restraint.wait(progress.tell);
      const { batch, size } = await runner.next();
      finished = batch.finished;
      run.batches += batch.walked > 0 ? 1 : 0;
      run.rowsWalked += batch.walked;
      run.rowsChanged += batch.changed;
      run.batchesInTheWay += batch.waiting > 0 ? 1 : 0;
      progress.moved({ rows: run.rowsWalked, size });
      if (!finished) await sleep(input.pause, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    progress.fail();
    // A query between the batches was cancelled: what it looked at does not matter any more.
    throw signal.aborted ? interrupted(runner.standing) : error;
  }
  const duration = Math.round(performance.now() - began);
  progress.end(run.rowsChanged);
  const { dead_rows: deadRows, live_rows: liveRows } = restraint.pressure;
  return { run: { ...run, duration, heldBack: Math.round(restraint.waited) }, deadRows, liveRows };
}

/** Runs the next batch whenever it is asked to. */
interface BatchRunner {
  readonly standing: Standing;
  next(): Promise<{ readonly batch: Batch; readonly size: number }>;
}

function batchRunner(work: Work): BatchRunner {
  const { input, file, output, signal } = work;
  const filled = batchStatement(work);
  let standing = standingOf(work.state);
  let size = input.rows;
  const attempt = async (): Promise<{ batch: Batch; size: number }> => {
    if (signal.aborted) throw interrupted(standing);
    const began = performance.now();
    const batch = await runBatch(work, filled.statement.text, size);
    const { walked: rows, waiting, batch_to: to } = batch;
    standing = {
      batches: standing.batches + (rows > 0 ? 1 : 0),
      rowsWalked: standing.rowsWalked + rows,
      doneTo: to ?? standing.doneTo,
    };
    const ran = { batch, size };
    const measured = { rows, duration: performance.now() - began, isInTheWay: waiting > 0 };
    size = input.batchTime === 0 ? input.rows : nextSize(size, measured, input.batchTime);
    return ran;
  };
  return {
    get standing() {
      return standing;
    },
    next: async () =>
      retryOnLock({ ...pauses, lockRetries: input.lockRetries, signal }, attempt, {
        nameOf: () => `after ${standing.doneTo}`,
        failed: ({ times, pause }) => {
          size = Math.max(1, Math.round(size / 2));
          output.warn(
            `A batch did not get its locks within ${formatDuration(input.lockTimeout)} (attempt ${times} of ` +
              `${input.lockRetries + 1}); trying half as many rows in ${formatDuration(pause)}.`,
          );
        },
      }).catch((error: unknown) => {
        throw batchFailed(error, { file, input }, { filled, standing });
      }),
  };
}

const pauses = { firstPause: 250, longestPause: 5000 };

/**
 * One message, which the server runs as one transaction and the user's Ctrl-C does not cancel. Row security that hides
 * rows is an error, and time limits for ordinary work do not count.
 */
async function runBatch(
  { database, input, file }: Work,
  text: string,
  size: number,
): Promise<Batch> {
  const [batch] = (await database.queryToEnd(
    `set local lock_timeout = ${input.lockTimeout};
     set local statement_timeout = 0;
     set local row_security = off;
     select r.* from public.run_backfill_batch(${quoteLiteral(file.name)}, ${quoteLiteral(text)}, ${size}) r`,
  )) as readonly Batch[];
  if (batch === undefined) throw new Error("The batch returned no row.");
  return batch;
}
