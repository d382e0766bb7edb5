import { expect, test } from "vitest";
import { CliError, errorCodes } from "../../src/core/errors.ts";
import { ExitCode } from "../../src/core/exit-codes.ts";
import { filesBelow, textOf } from "./files.ts";

/** The rows of the page's tables whose first cell is a piece of code, as their cells. */
const rows = textOf("docs/errors.md")
  .split("\n")
  .filter((line) => /^\| `?[\w]+`? \|/.test(line))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );

function named(pattern: RegExp): string[][] {
  return rows.filter(([first = ""]) => pattern.test(first));
}

test("docs/errors.md has every exit code", () => {
  const documented = named(/^\d+$/).map(([code]) => Number(code));
  expect(documented).toEqual(Object.values(ExitCode));
});

test("docs/errors.md has every error code, with its exit code", () => {
  const documented = named(/^(?!SQLSTATE$)[A-Z_]{4,}$/).map(([code, exit]) => [code, Number(exit)]);
  const declared = errorCodes.map((code) => [code, new CliError(code, { message: "" }).exitCode]);
  expect(documented.filter(([code]) => code !== "INTERNAL")).toEqual(declared);
});

test("docs/errors.md has every SQLSTATE that the engine raises", () => {
  const raised = filesBelow("sql/engine").flatMap((path) =>
    Array.from(textOf(path).matchAll(/errcode = '(DF\d{3})'/g), ([, code = ""]) => code),
  );
  const documented = named(/^DF\d{3}$/).map(([code]) => code);
  expect(documented).toEqual([...new Set(raised)].toSorted((a, b) => a.localeCompare(b)));
});

test("every SQLSTATE of ours that the program looks for is one that the engine raises", () => {
  const known = new Set(named(/^DF\d{3}$/).map(([code]) => code));
  const used = filesBelow("src").flatMap((path) =>
    [...textOf(path).matchAll(/"(DF\d{3})"/g)].map(([, code]) => code),
  );
  expect(used.filter((code) => !known.has(code))).toEqual([]);
});
