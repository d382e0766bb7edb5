import * as fc from "fast-check";
import { expect, test } from "vitest";
import { partsBar, timeChart, type Span } from "../../../src/output/charts.ts";
import { html, page } from "../../../src/output/html.ts";

test("a value stays text, whatever it has in it", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const inside = html`<a title="${text}">${[text, html`<b>${1}</b>`]}</a>`.html;
      const [, title = "", content = ""] =
        /^<a title="([^"<>]*)">([^<>]*)<b>1<\/b><\/a>$/.exec(inside) ?? [];
      expect(content).toBe(title);
      const back = content.replaceAll(/&#(\d+);/g, (_, code: string) =>
        String.fromCodePoint(Number(code)),
      );
      expect(back).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      expect(back.length).toBe(text.length);
    }),
  );
});

test("a page may load and run nothing", () => {
  const document = page("<title>", html`<p></p>`);
  expect(document).toMatch(/^<!doctype html>/);
  expect(document).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  expect(document).toContain("<title>&#60;title&#62;</title>");
  expect(document).not.toMatch(/<script|<link|<img|url\(|https?:/);
});

test("parts of a bar lie side by side, also of nothing", () => {
  const parts = [
    { name: "a", value: 1, tone: 1 },
    { name: "b", value: 2, tone: 2 },
  ];
  expect(partsBar("all", parts, 4).html).toMatch(/x="0%"\s+width="25%".*x="25%"\s+width="50%"/s);
  expect(partsBar("none", [], 0).html).toContain('aria-label="none"');
});

function span(from: number, value: number): Span {
  return {
    from: new Date(from),
    to: new Date(from + 1000),
    value,
    text: `${value}`,
    isMarked: false,
  };
}

function chart(...spans: Span[]): string {
  return timeChart({ label: "a", spans, write: String }).html;
}

function linesIn(markup: string): number {
  return /class="line"\s+d="([^"]*)"/.exec(markup)?.[1]?.split("M").length ?? 0;
}

test("a chart has a gap where nothing was measured, and does without values", () => {
  expect(linesIn(chart(span(0, 1), span(1000, 2)))).toBe(2);
  expect(linesIn(chart(span(0, 1), span(5000, 2)))).toBe(3);
  expect(chart(span(0, 0))).not.toContain("NaN");
  expect(chart()).toBe("");
});
