import * as fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { harmless, oneLine } from "../../../src/output/plain-text.ts";
import { formatNumber, formatTime } from "../../../src/output/units.ts";

const strange = fc.string({ unit: "binary" });

test("one line has no control character, and is no wider than it may be", () => {
  fc.assert(
    fc.property(strange, fc.integer({ min: 1, max: 90 }), (text, columns) => {
      const line = oneLine(text, columns);
      expect(line).not.toMatch(/\p{Cc}/u);
      expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }),
  );
});

test.each([
  ["select\n\t1", 80, "select 1"],
  ["select 1", 7, "select…"],
  ["드라마와 영화", 9, "드라마와…"],
  ["드라마와 영화", 8, "드라마…"],
  ["👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"],
  ["a\u001b[31mb", 80, "a\ufffd[31mb"],
  ["a\u202eb", 80, "a\ufffdb"],
  ["x".repeat(9000), Infinity, `${"x".repeat(499)}…`],
])("%j on %d columns is %j", (text, columns, line) => {
  expect(oneLine(text, columns)).toBe(line);
});

test("a text of several lines keeps them, and its tabs", () => {
  expect(harmless("a\n\tb\r\u0007")).toBe("a\n\tb\ufffd\ufffd");
});

test.each([
  [0, "0 ms"],
  [0.051, "0.05 ms"],
  [9.996, "10.0 ms"],
  [999.4, "999 ms"],
  [999.6, "1.00 s"],
  [59_990, "1.00 min"],
  [3_599_000, "1.00 h"],
  [90_000_000, "1.04 d"],
])("%d ms is %s", (time, text) => {
  expect(formatTime(time)).toBe(text);
});

test.each([
  [0.44, "0.4"],
  [9.96, "10"],
  [9999, "9999"],
  [12_345, "12.3k"],
  [999_900, "1.00M"],
  [1e15, "1000T"],
])("%d is %s", (number, text) => {
  expect(formatNumber(number)).toBe(text);
});

test("numbers and times keep their columns", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (number) => {
      expect(formatNumber(number).length).toBeLessThanOrEqual(6);
      expect(formatTime(number).length).toBeLessThanOrEqual(8);
    }),
  );
});
