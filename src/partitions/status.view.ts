import type { Page, View } from "../output/output.ts";
import { table } from "../output/table.ts";
import { count, formatBytes, shortName } from "../output/units.ts";
import { failureLines } from "../output/failure-lines.ts";
import { describePeriod } from "./period.view.ts";
import type { ParentStatus, StatusResult } from "./results.ts";
import { timeline } from "./timeline.view.ts";

/** How many partitions of a table are listed unless all are asked for. */
const listed = 6;

/** Shows each table with its timeline, what is wrong, and its partitions. */
export function statusView(all: boolean): View<StatusResult> {
  return ({ database, parents, withoutPolicy }, page) => {
    const { style } = page;
    const without =
      withoutPolicy.length === 0
        ? []
        : [
            style.attention(
              `Without a row in partition_policies: ${withoutPolicy.map(shortName).join(", ")}.`,
            ),
          ];
    if (parents.length === 0) {
      return [
        `${style.attention("No table")} of database "${database}" has a row in partition_policies.`,
        ...without,
      ].join("\n");
    }
    return [...parents.map((parent) => parentText(parent, { all, page })), ...without].join("\n\n");
  };
}

function parentText(
  status: ParentStatus,
  { all, page }: { readonly all: boolean; readonly page: Page },
): string {
  const { parent, failed } = status;
  const { style } = page;
  const name = style.heading(shortName(parent));
  if (failed !== null)
    return [`${name}: ${style.bad("cannot be read")}`, ...failureLines(failed).map(indented)].join(
      "\n",
    );
  return [
    `${name}: ${coverage(status, page)}`,
    style.faint(indented(summary(status))),
    ...timeline(status, page, Date.now()).map(indented),
    ...problems(status, page).map(indented),
    ...partitionTable(status, { all, page }),
  ].join("\n");
}

function coverage({ coveredUntil, runway, ahead, gaps }: ParentStatus, { style }: Page): string {
  if (coveredUntil === null) return style.bad("the present period has no partition");
  const days = Math.floor(runway / 86_400_000);
  const text = `covered until ${coveredUntil.slice(0, 10)} (${count(days, "day")})`;
  const isShort = ahead > 0 && gaps.some(({ state }) => state === "missing");
  return isShort ? style.attention(text) : style.good(text);
}

function summary({ granularity, partitions, ahead }: ParentStatus): string {
  const size = partitions.reduce((sum, each) => sum + (each.size ?? 0), 0);
  const wanted = ahead === 0 ? "none ahead" : `${ahead} ahead`;
  return `${granularity}, ${wanted}; ${count(partitions.length, "partition")}, ${formatBytes(size)}`;
}

function problems(status: ParentStatus, page: Page): string[] {
  const { gaps, partitions } = status;
  const { style } = page;
  const gapLines = (["missing", "hole", "overlapping"] as const).flatMap((state) => {
    const found = gaps.filter((gap) => gap.state === state);
    const [first] = found;
    if (first === undefined) return [];
    const last = found.at(-1) ?? first;
    return [
      style.attention(`${gapWords[state]}${describePeriod({ from: first.from, to: last.to })}`) +
        `: ${gapCure(state, found.length)}`,
    ];
  });
  const detaching = partitions
    .filter(({ state }) => state === "detaching")
    .map(
      ({ partition }) =>
        `${style.bad(`"${shortName(partition)}" is half detached`)}: its rows cannot be seen; "doramaflix-db partitions retire" completes it`,
    );
  return [...gapLines, ...detaching, ...strayLines(status, page)];
}

const gapWords = { missing: "Missing", hole: "Hole", overlapping: "Not to be created" } as const;

function gapCure(state: keyof typeof gapWords, number: number): string {
  if (state === "missing")
    return `${count(number, "partition")}; "doramaflix-db partitions create"`;
  if (state === "hole")
    return `${count(number, "time")} without a partition; "doramaflix-db partitions create --fill-holes"`;
  return 'another partition has a part of it; see "doramaflix-db partitions doctor"';
}

function strayLines({ strays, partitions }: ParentStatus, { style }: Page): string[] {
  if (strays === null) {
    const catchAll = partitions.find(({ state }) => state === "catch-all")?.partition ?? "";
    return [
      `${style.attention(`"${shortName(catchAll)}" has more rows than can be counted in 5 s`)}: see "doramaflix-db partitions doctor"`,
    ];
  }
  return strays.map(({ partition, from, to, rows, due }) => {
    const what = `"${shortName(partition)}" has ${count(rows, "row")}`;
    const period = describePeriod({ from, to }).slice(1);
    if (due)
      return `${style.attention(what)} that block${period}: "doramaflix-db partitions doctor --fix"`;
    // In nobody's way.
    return from === null
      ? `${what} that belong in no period: to be corrected by hand`
      : `${what} of${period}, for which no partition is wanted yet`;
  });
}

function partitionTable(
  { partitions }: ParentStatus,
  { all, page }: { readonly all: boolean; readonly page: Page },
): string[] {
  if (partitions.length === 0) return [];
  const shown = all ? partitions : partitions.slice(-listed);
  const hidden = partitions.slice(0, partitions.length - shown.length);
  const drawn = table(
    [
      { heading: "  Partition" },
      { heading: "From" },
      { heading: "To" },
      { heading: "Rows", align: "right" },
      { heading: "Size", align: "right" },
      { heading: "State", optional: true },
    ],
    shown.map(({ partition, from, to, rows, size, state }) => [
      `  ${shortName(partition)}`,
      from?.slice(0, 10) ?? (to === null ? "" : "MINVALUE"),
      to?.slice(0, 10) ?? (from === null ? "" : "MAXVALUE"),
      rows === null ? "?" : String(rows),
      size === null ? "" : formatBytes(size),
      state === "existing" ? "" : state,
    ]),
    page,
  );
  if (hidden.length === 0) return [drawn];
  const size = hidden.reduce((sum, each) => sum + (each.size ?? 0), 0);
  return [
    drawn,
    page.style.faint(
      `  and ${count(hidden.length, "older partition")} (${formatBytes(size)}); all of them: --all`,
    ),
  ];
}

function indented(line: string): string {
  return `  ${line}`;
}
