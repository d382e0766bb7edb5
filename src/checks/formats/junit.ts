import type { CheckResult, Finding, SectionResult } from "../results.ts";
import { placeOf } from "../check.view.ts";

/** Writes the sections as test suites of JUnit, with a failed test for each error and warning. */
export function junit(result: CheckResult): string {
  const suites = result.sections.map((section) => suite(section, result));
  const failures = result.findings.filter(({ level }) => level !== "note").length;
  const tests = suites.reduce((sum, each) => sum + each.tests, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="doramaflix-db check" tests="${tests}" failures="${failures}">`,
    ...suites.map(({ text }) => text),
    "</testsuites>",
  ].join("\n");
}

interface Suite {
  readonly tests: number;
  readonly text: string;
}

function suite({ name, notRun, note, duration }: SectionResult, { findings }: CheckResult): Suite {
  const own = findings.filter(({ section }) => section === name);
  const cases = own.map((finding) => testCase(finding));
  if (notRun !== null) {
    cases.push(
      `    <testcase name="${name}" classname="${name}"><skipped message="${escaped(notRun)}"/></testcase>`,
    );
  } else if (own.length === 0) {
    cases.push(`    <testcase name="${name}" classname="${name}"/>`);
  }
  const failures = own.filter(({ level }) => level !== "note").length;
  const counts = `tests="${cases.length}" failures="${failures}" skipped="${notRun === null ? 0 : 1}"`;
  const time = ((duration ?? 0) / 1000).toFixed(3);
  return {
    tests: cases.length,
    text: [
      `  <testsuite name="${name}" ${counts} time="${time}">`,
      ...cases,
      ...(note === null ? [] : [`    <system-out>${escaped(note)}</system-out>`]),
      "  </testsuite>",
    ].join("\n"),
  };
}

function testCase(finding: Finding): string {
  const { section, rule, level, message, cure, key } = finding;
  const text = escaped([placeOf(finding), message, cure].filter(Boolean).join("\n"));
  const [first = ""] = message.split("\n");
  const inner =
    level === "note"
      ? `<system-out>${text}</system-out>`
      : `<failure type="${level}" message="${escaped(first)}">${text}</failure>`;
  return `    <testcase name="${escaped(key)}" classname="${section}.${escaped(rule)}">${inner}</testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Most control characters may not stand in XML in any form. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
    .replaceAll(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
