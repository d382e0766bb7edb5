import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { errorText } from "../../../src/output/error-report.ts";
import { colouredStyle, plainStyle } from "../../../src/output/style.ts";
import { table } from "../../../src/output/table.ts";
import { formatDuration, formatMoment } from "../../../src/output/units.ts";
import { wrapLines } from "../../../src/output/wrap.ts";

const units = { ms: 1, s: 1000, min: 60_000 };

/** Reads a duration back, in milliseconds. */
function readDuration(text: string): number {
  return [...text.matchAll(/([\d.]+) (ms|s|min)/g)].reduce(
    (sum, [, digits, unit]) => sum + Number(digits) * units[unit as keyof typeof units],
    0,
  );
}

test("a duration reads as what it was, with as many digits as matter and no more", () => {
  const duration = fc.oneof(
    fc.double({ min: 0, max: 10_000_000, noNaN: true }),
    fc.nat(2000),
    fc.integer({ min: 59_000, max: 61_000 }),
  );
  fc.assert(
    fc.property(duration, (milliseconds) => {
      const text = formatDuration(milliseconds);
      expect(text).toMatch(
        /^(\d{1,3} ms|\d\.\d\d s|[1-5]\d\.\d s|[1-9]\d* min( [1-5]\d s| [1-9] s)?)$/,
      );
      const read = readDuration(text);
      const precision = milliseconds < 59_950 ? milliseconds * 0.005 : 500;
      expect(Math.abs(read - milliseconds)).toBeLessThanOrEqual(Math.max(precision, 0.5) + 1e-6);
    }),
    { numRuns: 500, examples: [[999.6], [59_960], [59_999.9], [119_999]] },
  );
});

test("a longer duration never reads as a shorter one", () => {
  fc.assert(
    fc.property(fc.nat(200_000), fc.nat(2000), (one, more) => {
      expect(readDuration(formatDuration(one + more))).toBeGreaterThanOrEqual(
        readDuration(formatDuration(one)),
      );
    }),
  );
});

test("a moment is written in UTC, and reads as the second in which it lay", () => {
  const moment = fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, (date) => {
      const text = formatMoment(date.toISOString());
      expect(Date.parse(`${text.replace(" ", "T")}Z`)).toBe(
        Math.floor(date.getTime() / 1000) * 1000,
      );
    }),
  );
});

const character = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  fc.constantFrom("\t", "😀", "한", "👍🏽", "é", "\u200b", "\u0007", "\u001b"),
);

/** One line of a file. */
const line = fc
  .array(character, { maxLength: 130 })
  .map((parts) => parts.join("").replaceAll(/[\n\r¤]/g, ""));

/** Characters that join with the one after them, or the one before, share its columns. */
const joining = /[\p{M}\p{Cf}\p{Cs}\p{Emoji_Modifier}\u1160-\u11ff]/u;

test("the caret of an error stands under the place, in columns of a terminal", () => {
  fc.assert(
    fc.property(line, line, fc.integer({ min: 1, max: 99_999 }), (before, after, number) => {
      fc.pre(!joining.test(before) && !joining.test(after));
      const column = Array.from(before).length + 1;
      const report = {
        code: "MIGRATION_FAILED",
        message: "It failed.",
        exitCode: 4,
        location: { file: "a.sql", line: number, column, text: `${before}¤${after}` },
      } as const;
      const [, , shown = "", under = ""] = errorText(report, {
        width: Infinity,
        style: plainStyle,
      }).split("\n");
      const [beforePlace, beforeCaret] = [shown.split("¤"), under.split("^")];
      expect([beforePlace.length, beforeCaret.length]).toEqual([2, 2]);
      expect(columns(beforeCaret[0] ?? "")).toEqual(columns(beforePlace[0] ?? ""));
      // oxlint-disable-next-line no-control-regex
      expect(shown).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
    }),
    { numRuns: 300 },
  );
});

/** The widths between tabs, each of which goes on to a column that a terminal knows. */
function columns(text: string): number[] {
  return text.split("\t").map((part) => stringWidth(part));
}

test("the columns of a table begin at the same place in every row", () => {
  const cell = fc
    .array(fc.constantFrom(...Array.from("abcXY 0_/.-éü한국어ドラマ😀")), { maxLength: 20 })
    .map((parts) => parts.join("").trim());
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(rows, (cells) => {
      const text = table(
        [{ heading: "First" }, { heading: "Second", align: "right" }, { heading: "|" }],
        cells.map(([first, second]) => [first, second, "|"]),
        { width: Infinity, style: plainStyle },
      );
      const lines = text.split("\n");
      expect(lines).toHaveLength(cells.length + 1);
      expect(new Set(lines.map((each) => stringWidth(each)))).toHaveProperty("size", 1);
      for (const [place, [first, second]] of cells.entries()) {
        expect(lines[place + 1]?.startsWith(first)).toBe(true);
        expect(lines[place + 1]?.endsWith(`${second}  |`)).toBe(true);
      }
    }),
  );
});

test("a table that is too wide loses its optional columns from the right, then the end of its first column", () => {
  const cell = fc.stringMatching(/^[a-z]{1,30}$/);
  const cells = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(cells, fc.integer({ min: 40, max: 110 }), (rows, width) => {
      const draw = (shown: number, page: number): string =>
        table(
          [
            { heading: "A" },
            { heading: "B", optional: true },
            { heading: "C", optional: true },
          ].slice(0, shown),
          rows.map((row) => row.slice(0, shown)),
          { width: page, style: plainStyle },
        );
      const wanted = [3, 2, 1].find((shown) => widest(draw(shown, Infinity)) <= width) ?? 1;
      expect(draw(3, width)).toBe(draw(wanted, Infinity));
      const [heading, ...narrow] = draw(1, 12).split("\n");
      expect(heading).toBe("A");
      expect(narrow).toEqual(
        rows.map(([first]) => (first.length > 12 ? `${first.slice(0, 11)}…` : first)),
      );
    }),
  );
});

function widest(text: string): number {
  return Math.max(...text.split("\n").map((each) => stringWidth(each)));
}

test("a line that is broken keeps its words and its indentation, and fits the page", () => {
  const word = fc.stringMatching(/^[a-z.,"]{1,12}$/);
  const indented = fc.tuple(fc.nat(6), fc.array(word, { minLength: 1, maxLength: 20 }));
  const lines = fc.array(indented, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(lines, fc.integer({ min: 18, max: 80 }), (given, width) => {
      const written = given.map(([indent, words]) => `${" ".repeat(indent)}${words.join(" ")}`);
      const broken = wrapLines(written.join("\n"), width).split("\n");
      for (const [indent, words] of given) {
        const taken: string[] = [];
        while (taken.length < words.length) {
          const part = broken.shift() ?? "";
          expect(part).toMatch(new RegExp(`^ {${indent}}\\S(.*\\S)?$`));
          expect(part.length).toBeLessThanOrEqual(width);
          taken.push(...part.trim().split(" "));
        }
        expect(taken).toEqual(words);
      }
      expect(broken).toEqual([]);
    }),
  );
});

test("a broken line has no blank at its end, even where a colour ends behind it", async () => {
  const { faint } = await colouredStyle();
  const broken = wrapLines(`  ${faint("one two three four")}`, 12);
  expect(stripVTControlCharacters(broken)).toBe("  one two\n  three four");
});

test("the place of an error stays where it is when the page is a terminal's", async () => {
  const style = await colouredStyle();
  const report = {
    code: "MIGRATION_FAILED",
    message: "It failed.",
    exitCode: 4,
    location: { file: "a.sql", line: 123, column: 8, text: "select x" },
  } as const;
  const shown = wrapLines(errorText(report, { width: 80, style }), 80);
  expect(stripVTControlCharacters(shown).split("\n").slice(2)).toEqual([
    "  123 | select x",
    "      |        ^",
  ]);
});
