import type { CliResult } from "./cli.ts";

/** A run as a golden file shows it. */
export interface ShownRun {
  /** The command line as a user types it, without what the test adds to it. */
  readonly command: string;
  readonly exitCode: number | null;
  /** What a terminal showed, or what went to each stream, by the name that the file gives it. */
  readonly output: Readonly<Record<string, string>>;
}

/** Shows a run whose output went to pipes. */
export function piped(
  command: string,
  { exitCode, stdout, stderr }: Omit<CliResult, "signal">,
): ShownRun {
  return { command, exitCode, output: { stdout, stderr } };
}

/** Writes runs one below the other, for a golden file; streams that got nothing are left out. */
export function transcript(
  runs: readonly ShownRun[],
  vary: Readonly<Record<string, string>>,
): string {
  const texts = runs.map(({ command, exitCode, output }) =>
    [
      `$ doramaflix-db ${command}`,
      ...Object.entries(output)
        .filter(([, text]) => text !== "")
        .map(([stream, text]) => `--- ${stream}\n${text.trimEnd()}`),
      `--- exit code ${exitCode}`,
    ].join("\n"),
  );
  return `${withoutWhatVaries(texts.join("\n\n\n"), vary)}\n`;
}

/** What differs from run to run. In tables such values are fixed, because their width would move the columns. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\btest_[0-9a-f]{12}\b/g, "test_xxxxxxxxxxxx"],
  [/(\(|\bin )(?:\d+(?:\.\d+)? m?s|\d+ min \d+ s)(?=[).])/g, "$1# ms"],
  [/\bPostgreSQL \d\d\.\d+/g, "PostgreSQL xx.x"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, "xxxx-xx-xx xx:xx:xx UTC"],
  [/\b127\.0\.0\.1:\d{4,5}\b/g, "127.0.0.1:#####"],
  [/\bProcess \d+/g, "Process ####"],
];

function withoutWhatVaries(text: string, vary: Readonly<Record<string, string>>): string {
  const named = Object.entries(vary).reduce(
    (result, [value, placeholder]) => result.replaceAll(value, placeholder),
    text,
  );
  return patterns.reduce((result, [pattern, shown]) => result.replaceAll(pattern, shown), named);
}
