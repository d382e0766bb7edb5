import { scanTokens, SyntaxProblem } from "../../core/sql-parser.ts";
import { byteReader } from "../../core/statements.ts";
import { placeInFile } from "../../core/variables.ts";
import type { CheckedMigration } from "../../project/check-migration.ts";

/** A comment "-- check:ignore RULE REASON". */
export interface Ignore {
  readonly rule: string;
  readonly reason: string;
  /** Where it stands in the file, in UTF-16 units. */
  readonly place: number;
  /** Which statement of the up part it is for; undefined where there is none. */
  readonly statement: number | undefined;
}

const mark = /^--\s*check:ignore\b\s*(\S*)\s*(.*)$/s;

/** Finds the comments that keep findings back. One is for the statement that it stands in, before, or beside. */
export function ignoresOf({ source, up, down, statements }: CheckedMigration): Ignore[] {
  // Most files have none, and then need not be cut into tokens.
  if (!source.text.includes("check:ignore")) return [];
  const statementAt = (place: number): number | undefined => {
    const beside = statements.findIndex(
      ({ index, statement }) =>
        place >= index && !up.sql.slice(index + statement.length, place).includes("\n"),
    );
    const next = statements.findIndex(({ index, statement }) => place < index + statement.length);
    const found = beside === -1 ? next : beside;
    return found === -1 ? undefined : found;
  };
  return [
    ...ignoresIn({ sql: source.text.slice(0, up.start), start: 0 }, () => undefined),
    ...ignoresIn(up, statementAt),
    ...("sql" in down ? ignoresIn(down, () => undefined) : []),
  ];
}

type Part = Parameters<typeof placeInFile>[0] & { readonly sql: string };

function ignoresIn(part: Part, statementAt: (place: number) => number | undefined): Ignore[] {
  const indexOfByte = byteReader(part.sql);
  return tokensOf(part.sql)
    .filter(({ isComment }) => isComment)
    .flatMap(({ text, start }) => {
      const [, rule = "", reason = ""] = mark.exec(text) ?? [undefined];
      if (!mark.test(text)) return [];
      const index = indexOfByte(start);
      return [
        {
          rule,
          reason: reason.trim(),
          place: placeInFile(part, index),
          statement: statementAt(index),
        },
      ];
    });
}

function tokensOf(sql: string): ReturnType<typeof scanTokens> {
  try {
    return scanTokens(sql);
  } catch (error) {
    if (error instanceof SyntaxProblem) return [];
    throw error;
  }
}
