import { basename, dirname } from "node:path";
import type { Context, PostgresMajor } from "../context.ts";
import { readSourceText, type SourceText } from "../core/source-text.ts";
import { checkFiles } from "./files/check-files.ts";
import { Report } from "./report.ts";
import { Level, type CheckResult, type Section, type SectionResult } from "./results.ts";
import { tryFiles, type Tried } from "./walk/try-files.ts";

export interface CheckInput {
  /** In their order. */
  readonly sections: readonly Section[];
  /** The branch that this one goes into. */
  readonly base: string | undefined;
  readonly postgres: PostgresMajor | undefined;
  /** The file that makes what migrations take for granted. */
  readonly setup: string | undefined;
  /** The folder of the data that is written while migrations are tried. */
  readonly seeds: string | undefined;
}

export type CheckContext = Pick<
  Context,
  "config" | "signal" | "withScratchServer" | "findProblems"
>;

/** Says what speaks against deploying the files of a project; changes nothing but a server of its own. */
export async function check(context: CheckContext, input: CheckInput): Promise<CheckResult> {
  const { sections, base = null, setup } = input;
  const report = new Report(sections);
  const script = setup === undefined ? undefined : readSetup(setup);
  const files = await report.measure("files", async () => checkFiles(context, base, report));
  const tried =
    files.areUsable && sections.some((section) => section !== "files")
      ? await tryFiles(context, { ...input, ...files, setup: script, report })
      : undefined;
  return {
    server: tried?.server ?? null,
    base,
    folder: files.folder,
    migrations: {
      total: files.migrations.length,
      tried: [...files.tried],
      newest: files.migrations.at(-1)?.source.path ?? null,
    },
    sections: sections.map((name) => sectionResult(name, report, tried)),
    findings: report.findings.toSorted(
      (one, other) => Level.options.indexOf(one.level) - Level.options.indexOf(other.level),
    ),
    trace: report.trace,
  };
}

function readSetup(path: string): SourceText {
  return readSourceText(dirname(path), basename(path), "SETUP_FAILED");
}

function sectionResult(name: Section, report: Report, tried: Tried | undefined): SectionResult {
  return {
    name,
    notRun: name === "files" ? null : obstacleTo(name, report, tried),
    duration: report.durationOf(name) ?? null,
  };
}

function obstacleTo(name: Section, report: Report, tried: Tried | undefined): string | null {
  if (tried === undefined) return "some files cannot be used as they are";
  if (tried.isComplete) return null;
  if (report.durationOf(name) === undefined) return "a migration or a file failed";
  return "ended where a migration or a file failed";
}

/** True when there is a finding of that level, or a worse one. */
export function isReached({ findings }: Pick<CheckResult, "findings">, least: Level): boolean {
  const limit = Level.options.indexOf(least);
  return findings.some(({ level }) => Level.options.indexOf(level) <= limit);
}
