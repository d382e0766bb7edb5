import { randomInt } from "node:crypto";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Begins every sequence of random numbers of the run, so that a run can be repeated. */
    randomSeed: number;
  }
}

/** Draws the seed of the run, or takes it from TEST_SEED, and prints it. */
export default function setup(project: TestProject): void {
  const given = process.env["TEST_SEED"];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`TEST_SEED is "${given}", not an integer.`);
  process.stdout.write(`${project.name}: random seed ${seed} (repeat with TEST_SEED=${seed})\n`);
  project.provide("randomSeed", seed);
}
