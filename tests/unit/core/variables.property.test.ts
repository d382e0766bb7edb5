import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { sourceTextOf } from "../../../src/core/source-text.ts";
import { loadSqlParser, parseStatements, visitNodes } from "../../../src/core/sql-parser.ts";
import { findPlaceholders, replacePlaceholders } from "../../../src/core/variables.ts";

beforeAll(async () => loadSqlParser());

const hostile = fc.constantFrom(
  "'",
  '"',
  "\\",
  ";",
  "--",
  "/*",
  "$$",
  "E'",
  ":'a'",
  "\n",
  "😀",
  "드",
);
const value = fc.oneof(
  fc.array(hostile).map((parts) => parts.join("")),
  fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
);

/** Text without a placeholder, that leaves nothing open. */
const plain = fc.constantFrom(
  "select 1",
  " ",
  "\n",
  "'it''s :''a'''",
  "E'\\' :\\'a\\''",
  `":'a'"`,
  "-- :'a'\n",
  "/* :'a' /* ' */ */",
  "$$ :'a' $$",
  '$x$ $$ :"a" $x$',
  'x::"t"',
  ", ",
  "'드라마 😀'",
);
const names = ["a", "b_2", "c"] as const;
const placeholder = fc.record({
  name: fc.constantFrom(...names),
  quoted: fc.constantFrom("literal" as const, "identifier" as const),
});

/** SQL made of pieces, with white space between them. */
const pieces = fc.array(fc.oneof(plain, placeholder));
type Piece = string | { name: string; quoted: "literal" | "identifier" };

function write(piece: Piece): string {
  if (typeof piece === "string") return piece;
  return piece.quoted === "literal" ? `:'${piece.name}'` : `:"${piece.name}"`;
}

const values = fc.record({ a: value, b_2: value, c: value });

function replace(sql: string, given: Readonly<Record<string, string>>) {
  return replacePlaceholders({ source: sourceTextOf("a.sql", sql), sql, start: 0 }, given);
}

test("exactly the placeholders are found, each at its place", () => {
  fc.assert(
    fc.property(pieces, (all) => {
      const sql = all.map(write).join(" ");
      const found = findPlaceholders(sql);
      expect(found.map(({ name, quoted }) => ({ name, quoted }))).toEqual(
        all.filter((piece) => typeof piece !== "string"),
      );
      for (const each of found) {
        expect(sql.slice(each.index, each.index + each.length)).toBe(write(each));
      }
    }),
  );
});

test("what is no placeholder stays as it is, and is found again at its place", () => {
  fc.assert(
    fc.property(pieces, values, (all, given) => {
      const sql = all.map(write).join(" ");
      const { text, originalIndex } = replace(sql, given);
      const before = Array.from({ length: text.length }, (_, index) => originalIndex(index));
      expect(before).toEqual(before.toSorted((a, b) => a - b));
      const inside = new Set(
        findPlaceholders(sql).flatMap(({ index, length }) =>
          Array.from({ length }, (_, offset) => index + offset),
        ),
      );
      const outside = before.flatMap((original, index) => (inside.has(original) ? [] : [index]));
      expect(outside.map((index) => text[index]).join("")).toBe(
        Array.from({ length: sql.length }, (_, index) =>
          inside.has(index) ? "" : sql[index],
        ).join(""),
      );
    }),
  );
});

test("the server reads a value as exactly that string, whatever is in it", () => {
  fc.assert(
    fc.property(value, (a) => {
      const statements = parseStatements(replace("select :'a', 2", { a }).text);
      expect(statements).toHaveLength(1);
      const strings: unknown[] = [];
      visitNodes(statements[0]?.tree, (kind, node) => {
        if (kind === "sval") strings.push(node["sval"] ?? "");
      });
      expect(strings).toEqual([a]);
    }),
  );
});

test("the server reads a value as exactly that identifier, as far as one may be long", () => {
  fc.assert(
    fc.property(value, (a) => {
      fc.pre(a !== "" && Buffer.byteLength(a) < 64);
      const [statement, ...others] = parseStatements(replace('select :"a"', { a }).text);
      expect(others).toEqual([]);
      expect(JSON.stringify(statement?.tree)).toContain(`{"String":{"sval":${JSON.stringify(a)}}}`);
    }),
  );
});
