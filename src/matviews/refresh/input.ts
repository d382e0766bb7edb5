import type { Mode } from "../results.ts";

/** What `views refresh` is asked for. */
export interface RefreshInput {
  /** The views; all when there is none. */
  readonly names: readonly string[];
  /** Only those older than their policy says, and what they need. */
  readonly stale: boolean;
  /** How many are refreshed at the same time, each in a session of its own. */
  readonly jobs: number;
  readonly mode: Mode | "auto";
  /** How long to wait for a lock, in milliseconds. */
  readonly patience: number;
}
