import { integer, noBias, sample, subarray } from "fast-check";
import { inject } from "vitest";

/** Returns `count` numbers from 0 to below `limit`, the same in every run with the same seed. */
export function randomNumbers(count: number, limit: number): number[] {
  const number = noBias(integer({ min: 0, max: limit - 1 }));
  return sample(number, { seed: inject("randomSeed"), numRuns: count });
}

/** Returns `count` of the items, or all if there are fewer, in their order; the same in every run with the same seed. */
export function randomSample<Item>(items: readonly Item[], count: number): Item[] {
  const length = Math.min(count, items.length);
  const choice = noBias(subarray([...items], { minLength: length, maxLength: length }));
  return sample(choice, { seed: inject("randomSeed"), numRuns: 1 })[0] ?? [];
}
