import { formatDuration } from "../../output/units.ts";
import { countsOf } from "../../findings/findings.view.ts";
import { placeOf } from "../check.view.ts";
import type { CheckResult, Finding } from "../results.ts";

/** Writes a comment for a pull request. */
export function markdown(result: CheckResult): string {
  const { findings, sections, server } = result;
  const found = countsOf(findings);
  return [
    `### doramaflix-db check: ${found === "" ? "nothing was found" : found}`,
    ...findings.map((finding) => findingText(finding)),
    [
      "| Section | Time | Result |",
      "|---|---:|---|",
      ...sections.map(({ name, notRun, note, duration }) => {
        const own = countsOf(findings.filter(({ section }) => section === name));
        const time = duration === null ? "" : formatDuration(duration);
        const said = [own, notRun].filter(Boolean).join("; ") || "nothing found";
        return `| ${name} | ${time} | ${cell([said, note].filter(Boolean).join("; "))} |`;
      }),
    ].join("\n"),
    ...(server === null ? [] : [`Tried on PostgreSQL ${server}.`]),
  ].join("\n\n");
}

function findingText(finding: Finding): string {
  const { level, rule, message, cure } = finding;
  const [first = "", ...rest] = message.split("\n");
  return [
    `**${level}** \`${rule}\` ${code(placeOf(finding))}`,
    "",
    inline(first),
    ...(rest.length === 0 ? [] : ["", fenced(rest)]),
    ...(cure === null ? [] : ["", ...cure.split("\n").map((line) => `> ${inline(line)}`)]),
  ].join("\n");
}

/** What users have written must not be read as Markdown or HTML. */
function inline(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, "\\$&");
}

function cell(text: string): string {
  return inline(text).replaceAll("\n", " ");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("`", "'")}\``;
}

function fenced(lines: readonly string[]): string {
  const fence = "`".repeat(Math.max(3, ...lines.map((line) => ticksIn(line) + 1)));
  return [fence, ...lines, fence].join("\n");
}

function ticksIn(line: string): number {
  return Math.max(0, ...Array.from(line.matchAll(/`+/g), ([ticks]) => ticks.length));
}
