import { beforeAll, expect, test } from "vitest";
import { loadSqlParser, parseStatements, parseTogether } from "../../../src/core/sql-parser.ts";

beforeAll(loadSqlParser);

test("texts that are parsed together give what each gives on its own", () => {
  const texts = [
    "create table a()",
    "-- 드라마 😀\nselect '😀';\n-- the end",
    "select 2 ; ; select 3",
    "insert into t values ('checkpoint;');;",
    "do $$ begin perform 1; end $$",
    "checkpoint",
    "/* nothing */",
  ];
  const expected = texts.map((text) =>
    parseStatements(text).map(({ kind, start }) => ({ kind, start })),
  );
  const together = parseTogether(texts)?.map((own) =>
    own.map(({ kind, start }) => ({ kind, start })),
  );
  expect(together).toEqual(expected);
});

test.for([
  ["a syntax error", ["select 1", "selec 2"]],
  ["a string that the next text closes", ["select 'a", "' "]],
  ["a comment that the next text closes", ["select 1 /* a", "*/ ; select 2"]],
  ["a dollar quote that the next text closes", ["select $$ a", "$$"]],
  ["an identifier that the next text closes", ['select "a', '" from b']],
  ["a statement that the next text ends", ["select 1 +", "2"]],
] as const)("texts are not parsed together with %s", ([, texts]) => {
  expect(parseTogether(texts)).toBeUndefined();
});
