import { createHash } from "node:crypto";
import { pageStyle } from "./page-style.ts";
import { harmless } from "./plain-text.ts";

/** What is HTML already, and so put into other HTML as it is. */
export interface Markup {
  readonly html: string;
}

type Value = string | number | Markup | readonly Value[];

/**
 * Makes HTML of a template. Each value is escaped, and what would hide or turn text is replaced, unless it is HTML from
 * here; of a list, all are taken. A value stands in text or in an attribute with double quotes, nowhere else.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { html: String.raw({ raw: parts }, ...values.map(written)) };
}

function written(value: Value): string {
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  return "html" in value ? value.html : value.map(written).join("");
}

function escaped(text: string): string {
  return harmless(text).replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

/** Writes a page that is whole in one file, and may neither load nor run anything. */
export function page(title: string, body: Markup): string {
  const hash = createHash("sha256").update(pageStyle).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  // Put together by itself: its text has to be the one of which the hash is.
  const style = { html: `<style>${pageStyle}</style>` };
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${{ html: policy }}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        ${body}
      </body>
    </html>`.html;
}

/** A table in a box of its own, which is scrolled where it is wider than the page. */
export function htmlTable(
  label: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): Markup {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
