import { readFile, writeFile } from "node:fs/promises";
import { CliError } from "../core/errors.ts";
import { parseBaseline } from "./baseline-schema.ts";
import type { BaselineEntry, BaselineUse } from "./results.ts";

interface WithKey {
  /** The same in every run; before its first colon stands what found it. */
  readonly key: string;
}

/** Reads the findings that are known and accepted; throws BASELINE_INVALID. */
export async function readBaseline(path: string): Promise<readonly BaselineEntry[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
  const read = parseBaseline(content);
  if ("entries" in read) return read.entries;
  throw invalid(path, read.problem);
}

function invalid(path: string, detail: string): CliError {
  return new CliError("BASELINE_INVALID", {
    message: `The baseline "${path}" cannot be used.`,
    detail,
    hint: 'It is a list of entries such as {"key": "unused_indexes:public.a", "reason": "for the yearly report", "expires": "2030-01-31"}; --write-baseline writes one.',
  });
}

/**
 * Writes an entry for each finding, with the reason that it has already. Throws BASELINE_INVALID where there is a file
 * of that name: its reasons would be lost.
 */
export async function writeBaseline(
  path: string,
  findings: readonly WithKey[],
  known: readonly BaselineEntry[],
): Promise<void> {
  const keys = [...new Set(findings.map(({ key }) => key))].toSorted();
  const entries = keys.map(
    (key): BaselineEntry =>
      known.find((entry) => entry.key === key) ?? { key, reason: "", expires: null },
  );
  try {
    await writeFile(path, `${JSON.stringify(entries, null, 2)}\n`, { flag: "wx" });
  } catch (error) {
    throw new CliError("BASELINE_INVALID", {
      message: `The baseline "${path}" cannot be written.`,
      detail: error instanceof Error ? error.message : String(error),
      hint: "Name a file that is not there yet; with --baseline, reasons are taken over from the old one.",
      cause: error,
    });
  }
}

/** Findings, and what was looked at for them: what stands before the first colon of their keys. */
export interface Examined<Finding extends WithKey> {
  readonly findings: readonly Finding[];
  readonly ran: ReadonlySet<string>;
}

/** Takes out the findings that a baseline names; `today` is a day as "2030-01-31", in UTC. */
export function applyBaseline<Finding extends WithKey>(
  { findings, ran }: Examined<Finding>,
  entries: readonly BaselineEntry[],
  today: string,
): { readonly findings: Finding[]; readonly baseline: BaselineUse } {
  const expired = entries.filter(({ expires }) => expires !== null && expires < today);
  const valid = new Set(entries.filter((entry) => !expired.includes(entry)).map(({ key }) => key));
  const found = new Set(findings.map(({ key }) => key));
  const left = findings.filter(({ key }) => !valid.has(key));
  return {
    findings: left,
    baseline: {
      suppressed: findings.length - left.length,
      expired,
      // Of what was not looked at nobody knows.
      unused: entries.filter(
        ({ key }) => !found.has(key) && ran.has(key.slice(0, key.indexOf(":"))),
      ),
    },
  };
}
