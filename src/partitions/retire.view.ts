import type { Page, View } from "../output/output.ts";
import { tally } from "../output/several.ts";
import type { Style } from "../output/style.ts";
import { table } from "../output/table.ts";
import { formatBytes, shortName } from "../output/units.ts";
import type { RetiredPartition, RetireResult } from "./retire/results.ts";

/** A row for each partition that was or would be touched; then why some failed, what is exported, and the counts. */
export const retireView: View<RetireResult> = (result, page) => {
  const { database, partitions, failed } = result;
  const { style } = page;
  if (partitions.length === 0 && failed.length === 0)
    return `${style.good("Nothing to retire")} in database "${database}".`;
  return [
    partitionTable(result, page),
    [...exported(partitions), ...failures(result, style)].join("\n"),
    counts(result, style),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
};

function partitionTable({ partitions, dryRun }: RetireResult, page: Page): string {
  if (partitions.length === 0) return "";
  return table(
    [
      { heading: "Partition" },
      { heading: dryRun ? "Would be" : "State" },
      { heading: "To", optional: true },
      { heading: "Size", align: "right" },
      { heading: "Rows", align: "right", optional: true },
      { heading: "Why", optional: true },
    ],
    partitions.map((each) => [
      shortName(each.partition),
      stateOf(each, page.style),
      each.to?.slice(0, 10) ?? "",
      each.size === null ? "" : formatBytes(each.size),
      each.rows === null ? "?" : `~${each.rows}`,
      each.reason,
    ]),
    page,
  );
}

type Action = RetiredPartition["action"];

/** What an action makes of a partition. */
const words: Readonly<Record<Action, string>> = {
  finalize: "detached (completed)",
  record: "detached (recorded)",
  withdraw: "left attached",
  detach: "detached",
  drop: "dropped",
  wait: "kept for now",
  keep: "kept: renamed",
};

function stateOf(
  { action, method, state, export: exportedTo }: RetiredPartition,
  style: Style,
): string {
  const word = method === "plain" ? "detached, with a lock" : words[action];
  const whole = exportedTo === null ? word : `exported and ${word}`;
  if (state === "failed") return style.bad(`not ${word}`);
  if (state === "not asked") return style.attention("kept: no --drop");
  if (action === "wait" || action === "keep") return style.faint(word);
  return state === "done" ? style.good(whole) : style.attention(whole);
}

function exported(partitions: RetireResult["partitions"]): string[] {
  return partitions.flatMap(({ export: to }) =>
    to === null ? [] : [`${to.file}: ${to.rows} rows, ${to.checksum}`],
  );
}

function failures({ partitions, failed }: RetireResult, style: Style): string[] {
  const all = [
    ...failed,
    ...partitions.flatMap(({ failure, parent }) =>
      failure === null ? [] : [{ ...failure, parent }],
    ),
  ];
  return all.map(({ message, detail, hint, sqlState, parent }) => {
    const state = sqlState === null ? "" : ` ${style.faint(`(SQLSTATE ${sqlState})`)}`;
    const lines = [`${style.bad("failed:")} ${shortName(parent)}: ${message}${state}`];
    if (detail !== null) lines.push(`  ${detail.replaceAll("\n", "\n  ")}`);
    if (hint !== null) lines.push(`  ${style.heading("hint:")} ${hint}`);
    return lines.join("\n");
  });
}

function counts({ partitions, failed, dryRun, database }: RetireResult, style: Style): string {
  const number = (test: (partition: RetiredPartition) => boolean): number =>
    partitions.filter(test).length;
  const of = (action: Action): number =>
    number((each) => each.action === action && /^(done|planned)$/.test(each.state));
  const would = dryRun ? "would be " : "";
  const said = tally([
    [of("finalize") + of("record"), `${would}completed`, style.good],
    [of("withdraw"), `${would}left attached`, style.good],
    [of("detach"), `${would}detached`, style.good],
    [of("drop"), `${would}dropped`, style.good],
    [number(({ state }) => state === "not asked"), "could be dropped with --drop", style.attention],
    [of("wait") + of("keep"), "kept", style.faint],
    [number(({ state }) => state === "failed") + failed.length, "failed", style.bad],
  ]);
  return `Database "${database}": ${said}.`;
}
