import { createHash } from "node:crypto";
import type { Log, Result } from "sarif";
import { toolVersion } from "../../core/tool-version.ts";
import type { CheckResult, Finding } from "../results.ts";
import { locationOf } from "./location.ts";

/** Writes the findings as SARIF 2.1.0, which GitHub and many editors read. */
export function sarif(result: CheckResult): string {
  const { findings } = result;
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const indexes = new Map(rules.map(({ rule }, index) => [rule, index]));
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "doramaflix-db",
            semanticVersion: toolVersion(),
            rules: rules.map(({ rule, level, section }) => ({
              id: rule,
              shortDescription: { text: rule.replaceAll("-", " ") },
              defaultConfiguration: { level },
              properties: { tags: [section] },
            })),
          },
        },
        columnKind: "unicodeCodePoints",
        results: findings.map((finding) => resultOf(finding, result, indexes)),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

function resultOf(
  finding: Finding,
  result: CheckResult,
  indexes: ReadonlyMap<string, number>,
): Result {
  const { rule, level, message, cure, object, key } = finding;
  const { file, line, column } = locationOf(finding, result);
  return {
    ruleId: rule,
    ruleIndex: indexes.get(rule) ?? -1,
    level,
    message: { text: [message, cure].filter((part) => part !== null).join("\n") },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
          region: { startLine: line, startColumn: column },
        },
        ...(object !== null && { logicalLocations: [{ fullyQualifiedName: object }] }),
      },
    ],
    partialFingerprints: { "doramaflixDb/v1": fingerprintOf(key) },
  };
}

/** The same for the same finding in every run, whatever stands above it in the file. */
export function fingerprintOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
