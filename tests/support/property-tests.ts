import { configureGlobal } from "fast-check";
import { inject } from "vitest";

// One seed for the whole run, which random-seed.ts has printed.
configureGlobal({ seed: inject("randomSeed") });
