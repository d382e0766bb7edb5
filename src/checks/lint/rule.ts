import type { Footprint, Scope } from "../../statements/footprint.ts";
import type { SetStatement } from "../../statements/catalog.ts";
import type { Found } from "../results.ts";

/** A statement of a migration, and what it does to the database that it finds. */
export interface LintedStatement extends SetStatement {
  readonly footprint: Footprint;
  readonly text: string;
  /** True where values of variables stand in the text, which its file does not have. */
  readonly isFilled: boolean;
  /** Where it begins in the up part, in UTF-16 units. */
  readonly index: number;
}

/** What a rule may ask. */
export interface LintScope extends Scope {
  /** The statements before it in the same migration, but for those that only read or change rows: there may be many. */
  readonly before: readonly LintedStatement[];
  /** The statements after it. */
  after(): readonly SetStatement[];
  /** False where each statement commits by itself, and lets go of its locks. */
  readonly transaction: boolean;
  /** The line of the file on which a statement begins. */
  lineOf(statement: LintedStatement): number;
}

export interface Problem {
  readonly message: string;
  /** The relation or the type that it is about; undefined where there is none. */
  readonly object?: string | undefined;
}

export interface Rule {
  readonly id: string;
  readonly level: Found["level"];
  /** What is wrong about such a statement, for every statement of the kind. */
  readonly reason: string;
  /** What to do instead. */
  readonly alternative: string;
  find(statement: LintedStatement, scope: LintScope): readonly Problem[];
}
