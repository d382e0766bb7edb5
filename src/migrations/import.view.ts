import type { Page, View } from "../output/output.ts";
import { table } from "../output/table.ts";
import { count } from "../output/units.ts";
import type { ImportResult } from "./results.ts";

/** What became of each file, what was changed in it, and what the ledger has now. */
export const importView: View<ImportResult> = (result, page) =>
  [
    fileTable(result, page),
    notes(result, page),
    ignored(result),
    [written(result, page), ...ledger(result, page)].join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

/** A table, or where that is too wide for the page a list: both names matter, so neither is cut. */
function fileTable({ files }: ImportResult, page: Page): string {
  const shown = files.filter(({ state }) => state === "written");
  if (shown.length === 0) return "";
  const rows = shown.map(({ from, path }) => [from.join(" + "), path] as const);
  const [fromWidth, pathWidth] = [0, 1].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  if ((fromWidth ?? 0) + (pathWidth ?? 0) + 2 > page.width) {
    return rows.map(([from, path]) => `${from}\n  ${path}`).join("\n");
  }
  return table([{ heading: "File" }, { heading: "Becomes" }], rows, page);
}

function notes({ files }: ImportResult, { style }: Page): string {
  const lines = files.flatMap((file) =>
    file.notes.map((note) => `  ${file.path}\n    ${style.attention(note)}`),
  );
  return lines.length === 0 ? "" : ["Please look at:", ...lines].join("\n");
}

function ignored({ ignored: paths, tool }: ImportResult): string {
  if (paths.length === 0) return "";
  return [`Left out, as ${tool} does, for their names:`, ...paths.map((path) => `  ${path}`)].join(
    "\n",
  );
}

function written({ files, dryRun }: ImportResult, { style }: Page): string {
  const number = files.filter(({ state }) => state === "written").length;
  if (number === 0) {
    return style.good(`Nothing to write: ${countThere(files.length)} in the project already.`);
  }
  const there = files.length - number;
  const rest = there === 0 ? "" : `; ${countThere(there)} there already`;
  return dryRun
    ? `${style.heading("Would write")} ${count(number, "file")}${rest}.`
    : `${style.good("Wrote")} ${count(number, "file")}${rest}.`;
}

function countThere(number: number): string {
  return `${count(number, "file")} ${number === 1 ? "is" : "are"}`;
}

function ledger({ ledger: taken, dryRun }: ImportResult, { style }: Page): string[] {
  if (taken === null) return [];
  const { database, table: name, renamedTo, recorded, alreadyRecorded, pending } = taken;
  const recording = dryRun ? style.heading("Would record") : style.good("Recorded");
  const all = alreadyRecorded === 0 ? "" : `; ${alreadyRecorded} were recorded already`;
  const what = `${count(recorded.length, "migration")} of "${name}" as applied`;
  return [
    recorded.length === 0
      ? style.good(
          `Nothing to record in database "${database}": ${count(alreadyRecorded, "migration")} of "${name}" ${alreadyRecorded === 1 ? "is" : "are"} recorded already.`,
        )
      : `${recording} ${what} in database "${database}"${all}.`,
    ...(renamedTo === null
      ? []
      : [`The table "${name}" ${dryRun ? "would now be" : "is now"} "${renamedTo}".`]),
    pending === 0 ? "" : style.attention(`Pending: ${count(pending, "migration")}.`),
  ].filter((line) => line !== "");
}
