import { expect, test } from "vitest";
import { nextSize } from "../../../src/backfill/batch-size.ts";

test.for([
  ["grows to the target", 1000, { rows: 1000, duration: 400, isInTheWay: false }, 1250],
  ["grows to twice its size at most", 1000, { rows: 1000, duration: 1, isInTheWay: false }, 2000],
  ["shrinks to half at most", 1000, { rows: 1000, duration: 60_000, isInTheWay: false }, 500],
  ["is halved where somebody waits", 1000, { rows: 1000, duration: 1, isInTheWay: true }, 500],
  ["has one row at least", 1, { rows: 1, duration: 60_000, isInTheWay: true }, 1],
  ["ends at 100,000", 80_000, { rows: 80_000, duration: 1, isInTheWay: false }, 100_000],
  [
    "stays above that where the user wants it",
    300_000,
    { rows: 300_000, duration: 100, isInTheWay: false },
    300_000,
  ],
] as const)("a batch %s", ([, size, batch, expected]) => {
  expect(nextSize(size, batch, 500)).toBe(expected);
});
