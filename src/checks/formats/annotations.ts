import type { Level } from "../../findings/results.ts";
import type { CheckResult } from "../results.ts";
import { fingerprintOf } from "./sarif.ts";
import { locationOf } from "./location.ts";

const commands: Readonly<Record<Level, string>> = {
  error: "error",
  warning: "warning",
  note: "notice",
};

/** Writes a workflow command for each finding: GitHub shows it at its line of the pull request. */
export function github(result: CheckResult): string {
  return result.findings
    .map((finding) => {
      const { rule, level, message, cure, object } = finding;
      const { file, line, column } = locationOf(finding, result);
      const where = `file=${property(file)},line=${line},col=${column},title=${property(rule)}`;
      const text = [object, message, cure].filter((part) => part !== null).join("\n");
      return `::${commands[level]} ${where}::${data(text)}`;
    })
    .join("\n");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

const severities: Readonly<Record<Level, string>> = {
  error: "critical",
  warning: "minor",
  note: "info",
};

/** Writes a report of GitLab's code quality, which a merge request shows. */
export function gitlab(result: CheckResult): string {
  const issues = result.findings.map((finding) => {
    const { rule, level, message, cure, object, key } = finding;
    const { file, line } = locationOf(finding, result);
    return {
      check_name: rule,
      description: [object, message, cure].filter((part) => part !== null).join(" "),
      severity: severities[level],
      fingerprint: fingerprintOf(key),
      location: { path: file, lines: { begin: line } },
    };
  });
  return JSON.stringify(issues, null, 2);
}
