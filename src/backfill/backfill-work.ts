import type { Database } from "../db/database.ts";
import type { FoundTable } from "../db/table-named.ts";
import type { Output } from "../output/output.ts";
import { fill, type BackfillFile, type FilledStatement } from "./backfill-file.ts";
import type { BackfillInput } from "./input.ts";
import type { State, Target } from "./rows.ts";

/** A backfill as it was found, the session that works on it, and whom that tells of it. */
export interface Work {
  readonly database: Database;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly input: BackfillInput;
  readonly file: BackfillFile;
  readonly table: FoundTable;
  readonly target: Target;
  /** What the journal has of it. */
  readonly state: State;
}

/** Returns the statement as it is run for each batch: its bounds are parameters of the key's type. */
export function batchStatement({ file, target }: Pick<Work, "file" | "target">): FilledStatement {
  const { key_type: type } = target;
  return fill(file, { from: `cast($1 as ${type})`, to: `cast($2 as ${type})` });
}
