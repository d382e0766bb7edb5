import { html, type Markup } from "../../output/html.ts";
import { formatMoment } from "../../output/units.ts";
import type { Note, SlowQueriesResult } from "../results.ts";

type Target = Pick<
  SlowQueriesResult,
  "database" | "serverVersion" | "address" | "isStandby" | "takenAt"
>;

/** Says what was looked at, and when. */
export function pageHead(title: string, target: Target): Markup {
  const { database, serverVersion, address, isStandby, takenAt } = target;
  const place = address === null ? "" : ` at ${address}`;
  return html`<header>
    <h1>${title}</h1>
    <p class="faint">
      PostgreSQL ${serverVersion.split(" ")[0] ?? ""}${place}${isStandby ? ", a standby" : ""},
      database <code>${database}</code>,
      <time datetime="${takenAt}">${formatMoment(takenAt)} UTC</time>
    </p>
  </header>`;
}

/** A statement or a command to copy: one click marks all of it. */
export function cureText(cure: string): Markup {
  return html`<pre class="cure">${cure}</pre>`;
}

/** Leads to one statement whole. */
export function queryCommand(queryId: string): Markup {
  return cureText(`doramaflix-db slow-queries --query ${queryId}`);
}

/** The same, where something else is more important. */
export function queryHint(queryId: string): Markup {
  return html`<p class="faint">
    More: <code>doramaflix-db slow-queries --query ${queryId}</code>
  </p>`;
}

/** A text of SQL; of a long one, the first lines, and all of it on a click. */
export function statementText(query: string | null): Markup {
  const text = query ?? "(its text has been evicted)";
  if (text.length <= 240 && text.split("\n").length <= 3) return html`<pre>${text}</pre>`;
  return html`<details>
    <summary>
      All of the statement
      <pre class="short">${text}</pre>
    </summary>
  </details>`;
}

/** Names a role and a database. */
export function ownerMarkup(owner: {
  readonly user: string | null;
  readonly database: string | null;
}): Markup {
  return html`<code>${owner.user ?? "(dropped role)"}</code> in
    <code>${owner.database ?? "(dropped database)"}</code>`;
}

/** Figures with their names, side by side as far as there is room. */
export function figureList(figures: readonly (readonly [name: string, value: string])[]): Markup {
  return html`<dl class="figures">
    ${figures.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Says what must be known, each with what changes it. */
export function notesSection(notes: readonly Note[]): Markup {
  if (notes.length === 0) return html``;
  return html`<section aria-labelledby="notes">
    <h2 id="notes">To know</h2>
    ${notes.map(
      ({ message, cure }) =>
        html`<div class="card note">
          <p>${message}</p>
          ${cure === null ? "" : cureText(cure)}
        </div>`,
    )}
  </section>`;
}
