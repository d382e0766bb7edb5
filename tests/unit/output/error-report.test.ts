import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { CliError, type SourceLocation } from "../../../src/core/errors.ts";
import { errorReport, errorText } from "../../../src/output/error-report.ts";
import { plainStyle } from "../../../src/output/style.ts";

const page = { width: Infinity, style: plainStyle };

function linesFor(location: Omit<SourceLocation, "file">, width = Infinity): string[] {
  const error = new CliError("MIGRATION_SYNTAX", {
    message: "It failed.",
    location: { file: "a.sql", ...location },
  });
  return errorText(errorReport(error), { ...page, width })
    .split("\n")
    .slice(1);
}

describe("the place of an error", () => {
  test.for([
    { what: "plain text", text: "select x", column: 8, padding: "       " },
    { what: "the first column", text: "selec 1", column: 1, padding: "" },
    { what: "the end of the line", text: "select", column: 7, padding: "      " },
    { what: "an empty line", text: "", column: 1, padding: "" },
    { what: "wide characters", text: "'한국' x", column: 6, padding: " ".repeat(7) },
    { what: "an emoji", text: "'😀' x", column: 5, padding: " ".repeat(5) },
    { what: "tabs", text: "\ta\tx", column: 4, padding: "\t \t" },
    { what: "a combining accent", text: "'e\u0301' x", column: 6, padding: " ".repeat(4) },
  ])("after $what is marked below it", ({ text, column, padding }) => {
    expect(linesFor({ line: 12, column, text })).toEqual([
      `  at a.sql:12:${column}`,
      `  12 | ${text}`,
      `     | ${padding}^`,
    ]);
  });

  test("in a line of 10 MB is shown with what stands around it", () => {
    const text = `${"a".repeat(5_000_000)}!${"b".repeat(5_000_000)}`;
    const began = performance.now();
    const [, line = "", caret = ""] = linesFor({ line: 1, column: 5_000_001, text });
    // Whoever looks at the whole line for every character of it takes minutes.
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(line).toMatch(/^ {2}1 \| …a+!b+…$/);
    expect(line.length).toBeLessThan(250);
    expect(caret.indexOf("^")).toBe(line.indexOf("!"));
  });

  test.for([
    { what: "near its beginning", text: "select x, y, z, a, b, c, d, e, f", column: 8 },
    { what: "in its middle", text: "select a, b, c, d, e, f, x, y, z, a, b, c", column: 26 },
    { what: "behind its end", text: "select a, b, c, d, e, f, x, y, z", column: 33 },
    {
      what: "among wide characters",
      text: "select '드라마 드라마 드라마', x, '드라마'",
      column: 23,
    },
    { what: "behind tabs", text: "\t\t\t\t\tselect x", column: 13 },
  ])("$what, in a line that is wider than the page, is shown", ({ text, column }) => {
    const [, line = "", caret = ""] = linesFor({ line: 1, column, text }, 30);
    const place = stringWidth(caret.replaceAll("\t", " ".repeat(8))) - 1;
    const shown = line.replaceAll("\t", " ".repeat(8));
    expect(stringWidth(shown)).toBeLessThanOrEqual(30);
    expect(place).toBeLessThan(30);
    const wanted = text.at(column - 1) ?? "";
    // Characters take one column or two, so a text of that width ends just before the place.
    const before = Array.from(shown.split("").keys(), (end) => shown.slice(0, end + 1));
    const end = before.findIndex((part) => stringWidth(part) > place);
    expect(end === -1 ? "" : shown.charAt(end)).toBe(wanted);
    expect(line).toContain("…");
  });

  test("in a line that the page holds is shown with all of it", () => {
    const text = "select a, b, c, d, ex";
    expect(linesFor({ line: 1, column: 20, text }, 30)).toContain(`  1 | ${text}`);
  });

  test("in a line with control characters leaves the terminal alone", () => {
    const lines = linesFor({ line: 1, column: 7, text: "\u001B[2J\rax" });
    expect(lines[1]).toBe("  1 | \uFFFD[2J\uFFFDax");
    expect(lines[2]).toBe("    |       ^");
  });
});

test("an error is laid out with its code, its reason and its remedy", () => {
  const error = new CliError("MIGRATION_FAILED", {
    message: "It failed.",
    detail: "Why it failed.\nAnd where.",
    hint: "What to do.",
    sqlState: "42703",
  });
  expect(errorText(errorReport(error), page)).toBe(
    "error: It failed. (MIGRATION_FAILED, SQLSTATE 42703)\n  Why it failed.\n  And where.\n  hint: What to do.",
  );
});

test("what is no error of ours is a bug, with its stack", () => {
  const report = errorReport(new TypeError("x is undefined"));
  expect(report).toMatchObject({
    code: "INTERNAL",
    exitCode: 70,
    detail: expect.stringContaining("TypeError: x is undefined\n    at ") as string,
  });
});
