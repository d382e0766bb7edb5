import type { SqlFile } from "../db/sql-file.ts";
import type { CheckDescription } from "./results.ts";
import type { FindingRow } from "./rows.ts";

/** What has to be so that a check can be made. */
export type Need =
  | "all statistics"
  | "primary"
  | "archiving"
  | "checksums"
  | "partitions engine"
  | "views engine";

/** What is looked at with one query. */
export interface Check extends CheckDescription {
  readonly needs: readonly Need[];
  readonly query: SqlFile<FindingRow>;
  /** What is so with one object; its name stands before it. */
  readonly say: (detail: never) => string;
}

type Declared<Detail> = Omit<Check, "needs" | "say"> & {
  readonly needs?: readonly Need[];
  readonly say: (detail: Detail) => string;
};

/** Declares a check whose query has a detail of that form. */
export function check<Detail extends object>(declared: Declared<Detail>): Check {
  return { needs: [], ...declared };
}

/** Returns what a user is told of a check. */
export function describe({ name, level, sentence, advice }: Check): CheckDescription {
  return { name, level, sentence, advice };
}
