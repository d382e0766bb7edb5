import { formatDuration, formatNumber, shortName } from "../output/units.ts";
import type { Work } from "./backfill-work.ts";

/** What is shown while batches run. */
export interface BackfillProgress {
  readonly tell: (what: string) => void;
  moved(far: { readonly rows: number; readonly size: number }): void;
  fail(): void;
  end(rowsChanged: number): void;
}

/** Shows how far the batches are, how fast they go and when they will be over. */
export async function showProgress({
  output,
  table,
  target,
  file,
}: Work): Promise<BackfillProgress> {
  const progress = await output.progress();
  const began = performance.now();
  const name = shortName(table.name);
  progress.begin(
    `Running "${file.name}" on ${name} by ${target.key_column}: about ${formatNumber(target.rows_left)} rows, ` +
      `up to key ${target.last_key}`,
  );
  return {
    tell: (what) => {
      progress.update(`Running "${file.name}" on ${name}: ${what}`);
    },
    moved: ({ rows, size }) => {
      const passed = performance.now() - began;
      progress.update(
        `Running "${file.name}" on ${name}: ${pace({ rows, expected: target.rows_left, passed })}, ${size} rows a batch`,
      );
    },
    fail: () => {
      progress.fail();
    },
    end: (rowsChanged) => {
      const passed = formatDuration(performance.now() - began);
      progress.succeed(
        `Ran "${file.name}" on ${name} (${formatNumber(rowsChanged)} rows changed, ${passed})`,
      );
    },
  };
}

/** Says how far something is, how fast it goes and what it still takes: "35 %, 4.2k rows/s, 3 min left". */
export function pace({
  rows,
  expected,
  passed,
}: {
  readonly rows: number;
  readonly expected: number;
  /** Milliseconds. */
  readonly passed: number;
}): string {
  const speed = rows / Math.max(passed / 1000, 0.001);
  const far = `${formatNumber(rows)} rows, ${formatNumber(speed)} rows/s`;
  // The planner's estimate may be short of the truth, and then says nothing more.
  if (rows >= expected || rows === 0) return far;
  const left = formatDuration(((expected - rows) / rows) * passed);
  return `${Math.floor((rows / expected) * 100)} %, ${far}, ${left} left`;
}
