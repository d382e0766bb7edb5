import { expect, test } from "vitest";
import { filesBelow, textOf } from "./files.ts";

const root = "sql/queries/";

/** The files that a text hands to sqlFile(). */
function queriesOf(path: string): string[] {
  const calls = textOf(path).matchAll(/\bsqlFile(?:<[^(]*>)?\(\s*"([^"]+)"/g);
  return Array.from(calls, ([, query = ""]) => query);
}

test("every query is loaded by one sqlFile call, and every call names a query", () => {
  const called = filesBelow("src").flatMap((path) => queriesOf(path));
  const queries = filesBelow("sql/queries").map((path) => path.slice(root.length));
  expect(queries.length).toBeGreaterThan(0);
  expect(called.toSorted(compare)).toEqual(queries.toSorted(compare));
});

test("a feature sends its own queries", () => {
  const strangers = filesBelow("src").flatMap((path) =>
    queriesOf(path)
      .filter((query) => query.split("/")[0] !== path.split("/")[1])
      .map((query) => `${path}: ${query}`),
  );
  expect(strangers).toEqual([]);
});

test("every query says in its first line what it returns", () => {
  const silent = filesBelow("sql/queries").filter((path) => !/^-- [A-Z].*/.test(textOf(path)));
  expect(silent).toEqual([]);
});

function compare(a: string, b: string): number {
  return a.localeCompare(b);
}
