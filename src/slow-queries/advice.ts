import { formatBytes, formatTime } from "../output/units.ts";
import type { Advice, Figures } from "./results.ts";

/** Says what the figures of a statement point to, the most telling first; nothing where they point to nothing. */
export function adviceOn(figures: Figures): Advice[] {
  return rules.flatMap(({ name, says }) => {
    const message = figures.calls > 0 ? says(figures) : undefined;
    return message === undefined ? [] : [{ name, message }];
  });
}

interface Rule {
  readonly name: Advice["name"];
  readonly says: (figures: Figures) => string | undefined;
}

/** A figure is worth a word from here on. */
const thresholds = {
  blocks: 1000,
  blocksPerRow: 100,
  hitRatio: 0.9,
  rows: 1000,
  calls: 1000,
  shortCall: 5,
  share: 0.1,
  spread: 2,
  meanToVary: 10,
} as const;

const rules: readonly Rule[] = [
  {
    name: "many_blocks_per_row",
    says: ({ blocksHit, blocksRead, rows, calls }) => {
      const blocks = (blocksHit ?? 0) + (blocksRead ?? 0);
      const perCall = blocks / calls;
      if (perCall < thresholds.blocks || blocks < thresholds.blocksPerRow * Math.max(rows, calls))
        return undefined;
      return `A call looks at ${Math.round(perCall)} blocks for ${(rows / calls).toFixed(1)} rows: an index for its conditions may be missing. EXPLAIN (ANALYZE, BUFFERS) shows where.`;
    },
  },
  {
    name: "cached_poorly",
    says: ({ hitRatio, blocksRead, calls }) =>
      hitRatio !== null &&
      hitRatio < thresholds.hitRatio &&
      (blocksRead ?? 0) / calls >= thresholds.blocks / 10
        ? `${Math.round(100 * (1 - hitRatio))}% of its blocks come from the system or the disk: it reads more than it needs, or shared_buffers is small for it.`
        : undefined,
  },
  {
    name: "spills",
    says: ({ tempBytes, calls }) =>
      (tempBytes ?? 0) > 0
        ? `A call writes and reads ${formatBytes((tempBytes ?? 0) / calls)} of temporary files: a sort or hash does not fit into work_mem. Set a larger one for it, or let it sort fewer rows.`
        : undefined,
  },
  {
    name: "varies",
    says: ({ standardDeviation, mean }) =>
      mean >= thresholds.meanToVary && (standardDeviation ?? 0) >= thresholds.spread * mean
        ? "Its times differ widely from call to call: it waits for locks or the disk at times, or some values need much more work than others."
        : undefined,
  },
  {
    name: "many_rows",
    says: ({ rowsPerCall }) =>
      rowsPerCall >= thresholds.rows
        ? `A call returns or changes ${Math.round(rowsPerCall)} rows: if nobody looks at all of them, LIMIT or batches help.`
        : undefined,
  },
  {
    name: "many_calls",
    says: ({ calls, mean, share }) =>
      calls >= thresholds.calls && mean < thresholds.shortCall && share >= thresholds.share
        ? `Each call is short (${formatTime(mean)}), but there are many: ask for several rows at once, or keep the answer for a while.`
        : undefined,
  },
  {
    name: "planning",
    says: ({ plans, planTime, execTime }) =>
      (plans ?? 0) > 0 && (planTime ?? 0) > execTime
        ? "Planning takes longer than execution: prepare the statement, or let a condition on the partition key leave fewer partitions to plan for."
        : undefined,
  },
  {
    name: "jit",
    says: ({ jitTime, execTime }) =>
      (jitTime ?? 0) > 0.2 * execTime
        ? `Compiling (jit) takes ${Math.round((100 * (jitTime ?? 0)) / execTime)}% of its time: try it with SET jit = off.`
        : undefined,
  },
  {
    name: "full_page_images",
    says: ({ walBytes, walFullPages, calls }) =>
      (walFullPages ?? 0) * 4000 > 0.5 * (walBytes ?? 0) && (walBytes ?? 0) / calls > 100_000
        ? "Most of its WAL are whole pages, written for the first change after a checkpoint: a larger max_wal_size makes checkpoints rarer."
        : undefined,
  },
];
