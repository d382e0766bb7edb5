import type { PlacedStatement } from "../core/statements.ts";

/** A piece of SQL: one statement with what stands before it, if it is the first, and up to the next one. */
export interface CutStatement extends Pick<PlacedStatement, "kind" | "tree"> {
  readonly text: string;
  /** Where the piece begins in the whole, in UTF-16 units. */
  readonly start: number;
  /** Where the statement itself begins in the whole. */
  readonly index: number;
  /** The statement alone, without what stands around it. */
  readonly statement: string;
}

/** Cuts SQL where its statements begin; the pieces together are the whole again. */
export function cutStatements(sql: string, statements: readonly PlacedStatement[]): CutStatement[] {
  return statements.map(({ kind, tree, index, text: statement }, place) => {
    const start = place === 0 ? 0 : index;
    return {
      text: sql.slice(start, statements[place + 1]?.index),
      start,
      index,
      statement,
      kind,
      tree,
    };
  });
}
