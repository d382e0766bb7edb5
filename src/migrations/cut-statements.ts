import { splitStatements } from "./statements.ts";

/** A piece of SQL: one statement with what stands between it and the next one. */
export interface CutStatement {
  readonly text: string;
  /** Where the statement begins in the whole, in UTF-16 units. */
  readonly index: number;
}

/** Cuts SQL where its statements begin; the pieces together are the whole again. The SQL parser must be loaded. */
export function cutStatements(sql: string): CutStatement[] {
  const statements = splitStatements(sql);
  return statements.map(({ index }, place) => ({
    text: sql.slice(place === 0 ? 0 : index, statements[place + 1]?.index),
    index,
  }));
}
