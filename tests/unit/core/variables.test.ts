import { beforeAll, describe, expect, test } from "vitest";
import { CliError } from "../../../src/core/errors.ts";
import { sourceTextOf } from "../../../src/core/source-text.ts";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import {
  findPlaceholders,
  replacePlaceholders,
  type ReplacedSql,
} from "../../../src/core/variables.ts";

beforeAll(async () => loadSqlParser());

function replaced(sql: string, variables: Readonly<Record<string, string>>): ReplacedSql {
  return replacePlaceholders({ source: sourceTextOf("a.sql", sql), sql, start: 0 }, variables);
}

test.for([
  ["a string", "select :'v'", "it's", "select 'it''s'"],
  ["an identifier", 'grant app to :"v"', 'a "b" C', 'grant app to "a ""b"" C"'],
  ["a string with a backslash", "select :'v'", "C:\\temp", "select  E'C:\\\\temp'"],
  ["one after a name without a space", "select:'v'", "a", "select'a'"],
  ["one beside another string", "select :'v''b'", "a", "select 'a''b'"],
  ["one that is empty", "select :'v'", "", "select ''"],
  ["several", `alter role :"v" password :'v'`, "a", `alter role "a" password 'a'`],
  ["one behind wide characters", "select '😀드라마', :'v'", "a", "select '😀드라마', 'a'"],
  ["one with a placeholder as value", "select :'v'", ":'v'", "select ':''v'''"],
] as const)("%s is replaced", ([, sql, value, expected]) => {
  expect(replaced(sql, { v: value }).text).toBe(expected);
});

test.for([
  ["a string", "select ':''v'''"],
  ["a string that begins with E", "select E':\\'v\\''"],
  ["a quoted identifier", `select 1 as ":'v'"`],
  ["a comment", "select 1 -- :'v'"],
  ["a comment of several lines", "select 1 /* :'v' /* :\"v\" */ :'v' */"],
  ["a dollar quote", "do $$ begin perform :'v'; end $$"],
  ["JSON", `select '{"a":"v"}'::jsonb`],
  ["a cast", `select 'a'::"v"`],
  ["an assignment", "call p(a := 'v')"],
  ["a slice with a space", "select a[1: 'v']"],
  ["a bare name", "select :v"],
  ["a name that psql does not read", "select :'v v', :'', :\"v-v\""],
  ["text that cannot be read", "select :'v', 'open"],
] as const)("none is found in %s", ([, sql]) => {
  expect(findPlaceholders(sql)).toEqual([]);
  expect(replaced(sql, {}).text).toBe(sql);
});

test("a place is found again in the original", () => {
  const sql = "select :'a', nothing, :\"b\", wrong";
  const { text, originalIndex } = replaced(sql, { a: "a long value", b: "" });
  for (const word of ["select", "nothing", "wrong"]) {
    expect(originalIndex(text.indexOf(word))).toBe(sql.indexOf(word));
  }
  expect(originalIndex(text.indexOf("long"))).toBe(sql.indexOf(":'a'"));
  expect(originalIndex(text.length)).toBe(sql.length);
});

function failureOf(variable: string): CliError {
  const text = `-- migrate:up\nselect 1;\nselect '😀', :'${variable}';\n`;
  const start = text.indexOf("select 1");
  try {
    replacePlaceholders(
      { source: sourceTextOf("migrations/001_a.sql", text), sql: text.slice(start), start },
      { other: "x" },
    );
  } catch (error) {
    if (error instanceof CliError) return error;
  }
  throw new Error("Nothing was refused.");
}

describe("a variable without a value", () => {
  test("is refused with its place and both ways to define it", () => {
    expect(failureOf("owner")).toMatchObject({
      code: "VARIABLE_UNDEFINED",
      exitCode: 2,
      message: 'The variable "owner" has no value.',
      hint: expect.stringMatching(
        /doramaflix-db\.json.*"owner".*DORAMAFLIX_DB_VARIABLE_OWNER/,
      ) as string,
      location: { file: "migrations/001_a.sql", line: 3, column: 13 },
    });
  });

  test.for(["Owner", "1st", "드라마"])("is refused as %s, which none can be called", (name) => {
    expect(failureOf(name).hint).toContain("lower-case letters");
  });

  test.for(["constructor", "toString", "__proto__"])("is not one of the language: %s", (name) => {
    expect(failureOf(name).code).toBe("VARIABLE_UNDEFINED");
  });
});
