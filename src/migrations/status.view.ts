import type { Page, View } from "../output/output.ts";
import type { Style } from "../output/style.ts";
import { table } from "../output/table.ts";
import { count, countEach, formatDuration, formatMoment } from "../output/units.ts";
import type { StatusResult } from "./results.ts";

/** Two tables, migrations and definitions, and one line that says what to do. */
export const statusView: View<StatusResult> = (result, page) =>
  [
    heading(result, page.style),
    migrationTable(result, page),
    definitionTable(result, page),
    advice(result, page.style),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

function heading({ database, server, environment }: StatusResult, style: Style): string {
  const line = `Database "${database}", PostgreSQL ${server}`;
  if (environment === null) return line;
  const named = `${line}, environment "${environment.name}"`;
  return environment.sameCluster === false
    ? `${named}\n${style.attention("That environment was recorded on another server: this is a copy.")}`
    : named;
}

function migrationTable({ migrations }: StatusResult, page: Page): string {
  if (migrations.length === 0) return "No migrations.";
  return table(
    [
      { heading: "Migration" },
      { heading: "State" },
      { heading: "Applied (UTC)" },
      { heading: "Took", align: "right", optional: true },
      { heading: "By", optional: true },
    ],
    migrations.map(({ version, state, appliedAt, duration, appliedBy }) => [
      version,
      coloured(state, page.style),
      appliedAt === null ? "" : formatMoment(appliedAt),
      duration === null ? "" : formatDuration(duration),
      appliedBy ?? "",
    ]),
    page,
  );
}

function definitionTable({ definitions }: StatusResult, page: Page): string {
  if (definitions.length === 0) return "";
  return table(
    [{ heading: "Function or view" }, { heading: "State" }, { heading: "Applied (UTC)" }],
    definitions.map(({ path, state, appliedAt }) => [
      path,
      coloured(state, page.style),
      appliedAt === null ? "" : formatMoment(appliedAt),
    ]),
    page,
  );
}

function coloured(state: string, style: Style): string {
  if (state === "applied" || state === "current") return style.good(state);
  return unfinished.has(state) || state === "dropped" ? style.attention(state) : style.bad(state);
}

/** States after which a run goes on. */
const unfinished: ReadonlySet<string> = new Set(["pending", "half-way"]);

function advice({ migrations, definitions }: StatusResult, style: Style): string {
  const wrong = migrations.filter(({ state }) => state !== "applied" && !unfinished.has(state));
  if (wrong.length > 0) {
    const renamed = wrong
      .filter(({ renamedFrom }) => renamedFrom !== null)
      .map(({ version, renamedFrom }) => `"${version}" is applied as "${renamedFrom}".`);
    const disagree = wrong.length === 1 ? "disagrees" : "disagree";
    return style.bad(
      [
        ...renamed,
        `${count(wrong.length, "migration")} ${disagree} with the ledger; "doramaflix-db migrate" says what to do.`,
      ].join("\n"),
    );
  }
  const pending = migrations.filter(({ state }) => unfinished.has(state));
  const outdated = definitions.filter(
    ({ state }) => state !== "current" && state !== "file missing",
  );
  if (pending.length === 0 && outdated.length === 0) return style.good("Nothing is pending.");
  const what = countEach(
    [pending.length, "migration"],
    [outdated.length, "file", " of functions/ and views/"],
  );
  return style.attention(`Pending: ${what}. To apply: doramaflix-db migrate`);
}
