import * as fc from "fast-check";
import { lexer, parseInline, type Tokens } from "marked";
import { describe, expect, test } from "vitest";
import { code, codeBlock, markdownTable, prose } from "../../../src/output/markdown.ts";
import { harmless, oneLine } from "../../../src/output/plain-text.ts";
import { slowQueriesMarkdown } from "../../../src/slow-queries/markdown/slow-queries.view.ts";
import { slowQueryMarkdown } from "../../../src/slow-queries/markdown/slow-query.view.ts";
import {
  busyResult,
  hostileText,
  quietResult,
  statementResult,
} from "../../support/slow-queries-results.ts";

/** Texts of the characters that mean something in Markdown or HTML, and of some that do not. */
const texts = fc.string({
  unit: fc.constantFrom(...Array.from("`|\\<>&*_[](){}#+-.!~@:/ \n\"'aZ0é드😀\u202e\u0007")),
  maxLength: 40,
});

/** What a reader sees of a line of HTML. */
function seen(markup: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&amp;": "&",
  };
  return markup.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);
}

test("code on one line is the text, whatever fences it has", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const line = oneLine(text, 40);
      fc.pre(line !== "");
      expect(seen(parseInline(code(text, 40)) as string)).toBe(`<code>${line}</code>`);
    }),
  );
});

test("a block of code is the text, whatever fences it has", () => {
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(text.trim() !== "");
      expect([...lexer(codeBlock("sql", text))]).toMatchObject([
        { type: "code", lang: "sql", text: harmless(text.trimEnd()) },
      ]);
    }),
  );
});

test("prose is the text, without links, marks or HTML", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const shown = harmless(text.replaceAll(/\s+/g, " ").trim());
      const tokens = lexer(prose(text));
      expect(tokens.length).toBeLessThanOrEqual(1);
      const [paragraph] = tokens;
      if (paragraph === undefined) return;
      expect(paragraph.type).toBe("paragraph");
      const markup = parseInline(prose(text)) as string;
      expect(seen(markup).replaceAll("\u2060", "")).toBe(shown);
    }),
  );
});

test("a table has a cell for each text", () => {
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const columns = [{ heading: "A" }, { heading: "B", align: "right" as const }];
      const [table, ...rest] = lexer(markdownTable(columns, [[code(one), code(other)]]));
      expect(rest).toEqual([]);
      expect(table).toMatchObject({ type: "table", align: [null, "right"] });
      const [cells = []] = (table as Tokens.Table).rows;
      // A backslash is kept apart from the bar after it.
      const wanted = [one, other].map((text) => oneLine(text, Infinity).replaceAll("\\|", "\\ |"));
      expect(
        cells.map(({ tokens: [token] }) => (token as Tokens.Codespan | undefined)?.text ?? ""),
      ).toEqual(wanted);
    }),
  );
});

describe.each([
  ["a busy server", slowQueriesMarkdown(busyResult)],
  ["a quiet server", slowQueriesMarkdown(quietResult)],
  ["a statement", slowQueryMarkdown(statementResult)],
])("a ticket of %s", (_, document) => {
  test("has only what it is made of, however texts of the database look", () => {
    const tokens = lexer(document);
    const kinds = new Set(tokens.map(({ type }) => type));
    for (const kind of kinds) {
      expect(["paragraph", "heading", "table", "code", "list", "space"]).toContain(kind);
    }
    // Ours are of the third level.
    expect(tokens.filter((token) => token.type === "heading" && token["depth"] !== 3)).toEqual([]);
    for (const token of tokens.filter(({ type }) => type === "table") as Tokens.Table[]) {
      for (const row of token.rows) expect(row).toHaveLength(token.header.length);
    }
  });
});

test("who blocks comes before all, and the cure is a block of its own", () => {
  const tokens = lexer(slowQueriesMarkdown(busyResult)).filter(({ type }) => type !== "space");
  expect(tokens.slice(1, 4)).toMatchObject([
    { type: "heading", text: "Running now: 3 statements, 1 other session" },
    { type: "paragraph", text: expect.stringMatching(/^\*\*Blocking:\*\* 4711 .*4800 ← 4801/) },
    { type: "code", lang: "sql", text: "SELECT pg_terminate_backend(4711);" },
  ]);
  const whole = lexer(slowQueryMarkdown(statementResult)).find(({ type }) => type === "code");
  expect(whole).toMatchObject({ text: harmless(hostileText) });
});
