import type { View } from "../output/output.ts";
import type { Style } from "../output/style.ts";
import type { RepairResult } from "./results.ts";

/** Says what differs and what was recorded, with the differences where nothing has been recorded yet. */
export const repairView: View<RepairResult> = (result, { style }) => {
  const { database, dryRun, repairs, environment } = result;
  const left = missingLines(result, style);
  if (repairs.length === 0 && environment === null)
    return [`${style.good("Nothing to repair")} in database "${database}".`, ...left].join("\n");
  const environmentLines = environment === null ? [] : [environmentLine(environment)];
  if (!dryRun) {
    const lines = [...repairs.map((each) => sentences[each.action](each)), ...environmentLines];
    const list = lines.map((line) => `  ${line}`);
    return [`${style.good("Repaired")} in database "${database}":`, ...list, ...left].join("\n");
  }
  const blocks = repairs.map((each) =>
    [sentences[each.action](each), ...reason(each, style)].join("\n"),
  );
  const heading = `${style.heading("Would repair")} in database "${database}":`;
  return [heading, ...blocks, ...environmentLines, ...left].join("\n\n");
};

function environmentLine({ name, before }: NonNullable<RepairResult["environment"]>): string {
  const said = before === null || before === name ? "" : `, not "${before}" any more`;
  return `The database is of environment "${name}" on this server${said}.`;
}

type Repair = RepairResult["repairs"][number];

const sentences: Readonly<Record<Repair["action"], (repair: Repair) => string>> = {
  "accept change": ({ version }) => `"${version}" is recorded as its file is now.`,
  "record new name": ({ version, recordedAs }) => `"${recordedAs}" is recorded as "${version}".`,
  "write file": ({ version }) => `"${version}" is written again, from the ledger.`,
  forget: ({ version }) =>
    `"${version}" is removed from the ledger. What it did stays in the database.`,
};

const differences: Readonly<Record<NonNullable<Repair["difference"]>, string>> = {
  statements: "Its statements differ, from what was applied to what the file says now:",
  description:
    "Its statements are the same; the description, or the reason why it is irreversible, differs:",
  comments: "Its statements are the same; only comments, white space or directives differ.",
  unknown: "The ledger has no statements of it to compare with.",
};

function reason({ difference, diff }: Repair, style: Style): string[] {
  if (difference === null) return [];
  const lines = diff === null ? [] : diff.split("\n").map((line) => `  ${coloured(line, style)}`);
  return [differences[difference], ...lines];
}

function coloured(line: string, style: Style): string {
  if (line.startsWith("+")) return style.good(line);
  if (line.startsWith("-")) return style.bad(line);
  return line.startsWith("@@") ? style.faint(line) : line;
}

function missingLines({ missing }: RepairResult, style: Style): string[] {
  return missing.map(({ version, canBeWritten }) => {
    const ways = [
      "restore it",
      ...(canBeWritten ? ["write it again with --write-missing"] : []),
      `remove the migration from the ledger with --forget ${version}`,
    ];
    return style.attention(
      `"${version}" is applied, and its file is missing: ${ways.slice(0, -1).join(", ")} or ${ways.at(-1)}.`,
    );
  });
}
