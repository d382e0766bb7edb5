import { describe, expect, test } from "vitest";
import { CliError, type SourceLocation } from "../../../src/core/errors.ts";
import { errorReport, errorText } from "../../../src/output/error-report.ts";
import { plainStyle } from "../../../src/output/style.ts";

function linesFor(location: Omit<SourceLocation, "file">): string[] {
  const error = new CliError("MIGRATION_SYNTAX", {
    message: "It failed.",
    location: { file: "a.sql", ...location },
  });
  return errorText(errorReport(error), plainStyle).split("\n").slice(1);
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
    expect(performance.now() - began).toBeLessThan(1000);
    expect(line).toMatch(/^ {2}1 \| …a+!b+…$/);
    expect(line.length).toBeLessThan(250);
    expect(caret.indexOf("^")).toBe(line.indexOf("!"));
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
  expect(errorText(errorReport(error), plainStyle)).toBe(
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
