import type { Page } from "../../output/output.ts";
import { table } from "../../output/table.ts";
import { formatBytes, formatDuration } from "../../output/units.ts";
import type { Impact, MigrationPlan, PlannedRelation } from "./results.ts";

/** Says what a plan means for tables that exist; nothing of one that touches none. */
export function planText(plan: MigrationPlan, page: Page): string {
  return [
    impactTable(plan, page),
    reasons(plan),
    blockerTable(plan, page),
    unknownStatements(plan, page),
    withoutTransaction(plan),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function impactTable({ impacts }: MigrationPlan, page: Page): string {
  if (impacts.length === 0) return "";
  const rows = impacts.map((impact) => [
    impact.name,
    page.style[impact.blockers.length > 0 ? "bad" : "attention"](impact.lock),
    workText(impact),
    impact.size === null ? "" : formatBytes(impact.size),
    placeOf(impact),
    impact.rows === null ? "" : impact.rows.toLocaleString("en-US"),
    shortened(impact.statement),
  ]);
  return [
    page.style.heading("Locks that others will feel, the heaviest first:"),
    table(
      [
        { heading: "Table" },
        { heading: "Lock" },
        { heading: "Work" },
        { heading: "Size", align: "right" },
        { heading: "At" },
        { heading: "Rows", align: "right", optional: true },
        { heading: "Statement", optional: true },
      ],
      rows,
      page,
    ),
  ].join("\n");
}

/** The number of the migration and the line in its file. */
export function placeOf({ version, line }: Pick<Impact, "version" | "line">): string {
  return `${version.split("_", 1)[0]}:${line}`;
}

/** Each kind of work once; one that cannot be told from the catalog has a question mark. */
function workText({ work, blockers }: PlannedRelation): string {
  const words = work.map(({ kind, certain }) => `${kind}${certain ? "" : "?"}`);
  return [...new Set(words), ...(blockers.length > 0 ? ["waits"] : [])].join(", ");
}

/** Why a table is rewritten or an index built anew, which the statement does not always show. */
function reasons({ impacts }: MigrationPlan): string {
  return impacts
    .flatMap((impact) =>
      impact.work
        .filter(({ kind, certain }) => kind === "rewrite" || !certain)
        .map(
          ({ kind, certain, reason }) =>
            `${placeOf(impact)}: ${certain ? "" : "perhaps a "}${kind} of "${impact.name}", because ${reason}.`,
        ),
    )
    .join("\n");
}

function blockerTable({ impacts }: MigrationPlan, page: Page): string {
  const rows = impacts.flatMap((impact) =>
    impact.blockers.map((each) => [
      each.pid === null ? `prepared ${each.prepared ?? ""}` : String(each.pid),
      each.user ?? "",
      each.transactionAge === null ? "" : formatDuration(each.transactionAge),
      each.granted ? (each.state ?? "") : "waits itself",
      impact.name,
      each.application ?? "",
      each.lock,
      shortened(each.query ?? ""),
    ]),
  );
  if (rows.length === 0) return "";
  const once = [...new Map(rows.map((row) => [row.join("\n"), row])).values()];
  return [
    page.style.bad("Sessions that stand in the way now:"),
    table(
      [
        { heading: "Process" },
        { heading: "User" },
        { heading: "Transaction", align: "right" },
        { heading: "State" },
        { heading: "Table" },
        { heading: "Application", optional: true },
        { heading: "Holds", optional: true },
        { heading: "Query", optional: true },
      ],
      once,
      page,
    ),
  ].join("\n");
}

function unknownStatements({ migrations }: MigrationPlan, { style }: Page): string {
  const lines = migrations.flatMap(({ version, statements }) =>
    statements.flatMap(({ line, text, unknown }) =>
      unknown === null ? [] : [`  ${placeOf({ version, line })}  ${shortened(text)}: ${unknown}`],
    ),
  );
  return lines.length === 0
    ? ""
    : [style.heading("Not known before they run:"), ...lines].join("\n");
}

function withoutTransaction({ migrations }: MigrationPlan): string {
  return migrations
    .filter(({ transaction }) => !transaction)
    .map(
      ({ version }) => `${version} runs without a transaction: each statement commits by itself.`,
    )
    .join("\n");
}

/** A statement as one line, cut where it is long. */
export function shortened(text: string): string {
  const line = Array.from(text.replaceAll(/\s+/g, " ").trim());
  return line.length > 60 ? `${line.slice(0, 59).join("")}…` : line.join("");
}
