import type { Mode } from "./results.ts";

/** The ways to refresh a view, as a reader of a table or a line meets them. */
export const wayWords: Readonly<Record<Mode, string>> = {
  swap: "by swap",
  concurrently: "concurrently",
  plain: "plain",
};
