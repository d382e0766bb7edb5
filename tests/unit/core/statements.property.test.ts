import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import {
  loadSqlParser,
  parseStatements,
  parseTogether,
  SyntaxProblem,
} from "../../../src/core/sql-parser.ts";
import { isBlank, skipBlank } from "../../../src/core/comments.ts";
import { cutStatements } from "../../../src/project/cut-statements.ts";
import { splitStatements } from "../../../src/core/statements.ts";

beforeAll(loadSqlParser);

/** Text that may stand anywhere: what ends a string, a comment or a statement, and what is long in UTF-8 or UTF-16. */
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(";", "'", '"', "$", "$$", "--", "/*", "*/", "\\", "\n", " ", "😀", "한", "é"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    { maxLength: 8 },
  )
  // Neither is in a file that was read: PostgreSQL has no NUL, and a carriage return is a line feed by then.
  .map((parts) => parts.join("").replaceAll(/[\0\r]/g, ""));

/** A tag that a text between dollars cannot end. */
const tag = "$t😀g$";

const expression = fc.oneof(
  fc.constantFrom(
    "1",
    "'a;b'",
    "null",
    "E'\\';'",
    "U&'\\0441'",
    "1 /* ; /* -- */ ; */ + 2",
    "$$;$$",
  ),
  anything.map((text) => `'${text.replaceAll("'", "''")}'`),
  anything.filter((text) => !text.includes(tag)).map((text) => `${tag}${text}x${tag}`),
  anything.map((text) => `1 as "x${text.replaceAll('"', '""')}"`),
);

const statement = fc.oneof(
  expression.map((value) => `select ${value}`),
  expression.map((value) => `SELECT -- ';\n ${value}`),
  fc.constant("do $do$ begin perform 1; perform ';'; end $do$"),
  fc.constant("create function f() returns int begin atomic select 1; select 2; end"),
);

const blockComment: fc.Arbitrary<string> = anything
  .map((text) => text.replaceAll(/\/\*|\*\/|[/*]/g, ""))
  .chain((text) => fc.constantFrom(`/*${text}*/`, `/* /*${text}*/ ; */`, `/**/`));

const lineComment = anything.map((text) => `--${text.replaceAll("\n", "")}\n`);

const blank = fc
  .array(fc.oneof(fc.constantFrom(" ", "\n", "\t", "\f", "\v", "\r"), blockComment, lineComment), {
    maxLength: 4,
  })
  .map((parts) => parts.join(""));

interface Script {
  readonly sql: string;
  readonly statements: readonly string[];
}

/** Statements with comments between them and empty statements among them. */
const script: fc.Arbitrary<Script> = fc
  .tuple(
    fc.array(fc.tuple(blank, statement, blank, fc.constantFrom("", ";", ";;")), {
      minLength: 1,
      maxLength: 4,
    }),
    blank,
    fc.boolean(),
  )
  .map(([parts, end, closed]) => ({
    sql:
      parts
        .map(([before, text, , empty]) => `${before}${text};${empty}`)
        .join("")
        .replace(/;+$/, closed ? ";" : "") + end,
    statements: parts.map(([, text]) => text),
  }));

test("a script is split into the statements that it was made of", () => {
  fc.assert(
    fc.property(script, ({ sql, statements }) => {
      const split = splitStatements(sql);
      // The last one has no end of its own where it has no semicolon.
      expect(split.slice(0, -1).map(({ text }) => text)).toEqual(statements.slice(0, -1));
      expect(split.at(-1)?.text.startsWith(statements.at(-1) ?? "")).toBe(true);
      for (const { text, index } of split) expect(sql.startsWith(text, index)).toBe(true);
    }),
  );
});

test("the pieces of a script together are the script, each with one statement", () => {
  fc.assert(
    fc.property(script, ({ sql, statements }) => {
      const pieces = cutStatements(sql, splitStatements(sql));
      expect(pieces.map(({ text }) => text).join("")).toBe(sql);
      expect(pieces.map(({ text }) => splitStatements(text).length)).toEqual(
        statements.map(() => 1),
      );
      for (const { text, start } of pieces) expect(sql.startsWith(text, start)).toBe(true);
    }),
  );
});

test("texts that are parsed together give what each gives alone, or nothing", () => {
  const text = fc.oneof(
    { weight: 3, arbitrary: script.map(({ sql }) => sql) },
    { weight: 1, arbitrary: blank },
    // Most of these are no SQL, or leave a string or a comment open.
    fc.tuple(script, anything).map(([{ sql }, end]) => sql + end),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      const alone = texts.map(parsedOrNot);
      const together = parseTogether(texts);
      expect(together?.map(withoutPlaces)).toEqual(
        alone.includes(undefined) ? undefined : alone.map((each) => withoutPlaces(each ?? [])),
      );
    }),
  );
});

function parsedOrNot(text: string): ReturnType<typeof parseStatements> | undefined {
  try {
    return parseStatements(text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

/** Alone, the last statement may have no length, and a node of a tree says where it stands in the whole. */
function withoutPlaces(statements: ReturnType<typeof parseStatements>): unknown {
  return JSON.parse(
    JSON.stringify(
      statements.map(({ kind, tree, start }) => ({ kind, tree, start })),
      (key, value) =>
        /^(location|stmt_location|stmt_len|.*_location)$/.test(key)
          ? undefined
          : (value as unknown),
    ),
  );
}

test("what is blank is skipped, and nothing else", () => {
  fc.assert(
    fc.property(blank, anything, (before, after) => {
      expect(isBlank(before)).toBe(true);
      expect(skipBlank(`${before}select ${after}`)).toBe(before.length);
      expect(splitStatements(before)).toEqual([]);
      // A comment without end is for the parser to complain of.
      expect(isBlank(`${before}/* /* */ `)).toBe(false);
    }),
  );
});
