/** No batch has more rows, however fast they go: what one changes, it keeps locked until its end. */
const mostRows = 100_000;

/** A batch that has run. */
export interface MeasuredBatch {
  readonly rows: number;
  /** Milliseconds. */
  readonly duration: number;
  /** True where another session waited for its locks. */
  readonly isInTheWay: boolean;
}

/**
 * Returns how many rows the next batch is to have, so that it takes `target` milliseconds: at most twice as many and at
 * least half as many, because one measurement says little; and half as many where somebody had to wait.
 */
export function nextSize(size: number, batch: MeasuredBatch, target: number): number {
  const fitting = (batch.rows * target) / Math.max(batch.duration, 1);
  const most = batch.isInTheWay ? size / 2 : size * 2;
  const next = Math.min(Math.max(fitting, size / 2), most);
  // Above what the user wants at first it never grows further than that.
  return Math.max(1, Math.min(Math.round(next), Math.max(size, mostRows)));
}
