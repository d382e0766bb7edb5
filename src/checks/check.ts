import { basename, dirname } from "node:path";
import type { Context, PostgresMajor } from "../context.ts";
import { readSourceText, type SourceText } from "../core/source-text.ts";
import { applyBaseline, readBaseline, writeBaseline } from "../findings/baseline.ts";
import { byLevel } from "../findings/levels.ts";
import { checkFiles } from "./files/check-files.ts";
import { Report } from "./report.ts";
import { walkedSections, type CheckResult, type Section, type SectionResult } from "./results.ts";
import { examineDrift } from "./schema/examine-drift.ts";
import { examineFunctions } from "./schema/examine-functions.ts";
import { tryFiles, type Tried } from "./walk/try-files.ts";

export interface CheckInput {
  /** In their order. */
  readonly sections: readonly Section[];
  /** The branch that this one goes into. */
  readonly base?: string;
  readonly postgres?: PostgresMajor;
  /** The file that makes what migrations take for granted. */
  readonly setup?: string;
  /** The folder of the data that is written while migrations are tried. */
  readonly seeds?: string;
  /** Patterns for objects that may differ in the live database. */
  readonly ignore?: readonly string[];
  /** The file of what is known and accepted. */
  readonly baseline?: string;
  /** The file into which what is found is to be written. */
  readonly writeBaseline?: string;
}

export type CheckContext = Pick<
  Context,
  "config" | "signal" | "withDatabase" | "withScratchServer" | "findProblems"
>;

/** Says what speaks against deploying the files of a project; changes nothing but a server of its own. */
export async function check(context: CheckContext, input: CheckInput): Promise<CheckResult> {
  const known = input.baseline === undefined ? undefined : await readBaseline(input.baseline);
  const result = await examine(context, input);
  if (input.writeBaseline !== undefined)
    await writeBaseline(input.writeBaseline, result.findings, known ?? []);
  if (known === undefined) return result;
  const ran = new Set(
    result.sections.filter(({ notRun }) => notRun === null).map(({ name }) => name),
  );
  const today = new Date().toISOString().slice(0, 10);
  return { ...result, ...applyBaseline({ findings: result.findings, ran }, known, today) };
}

async function examine(context: CheckContext, input: CheckInput): Promise<CheckResult> {
  const { sections, base = null, setup, postgres, seeds, ignore } = input;
  const report = new Report(sections);
  const script = setup === undefined ? undefined : readSetup(setup);
  const files = await report.measure("files", async () => checkFiles(context, base, report));
  const tried =
    files.areUsable && walkedSections.some((section) => report.wants(section))
      ? await tryFiles(context, { ...files, postgres, seeds, setup: script, report })
      : undefined;
  const course: Course = { ...files, tried };
  if (isBuildable(course)) {
    await examineDrift(context, ignore, report);
    await examineFunctions(context, report);
  }
  const { migrations, folder } = files;
  return {
    server: tried?.server ?? null,
    base,
    folder,
    migrations: {
      total: migrations.length,
      tried: [...files.tried],
      newest: migrations.at(-1)?.source.path ?? null,
    },
    sections: sections.map((name) => sectionResult(name, report, course)),
    findings: report.findings.toSorted(byLevel),
    baseline: null,
    trace: report.trace,
  };
}

function readSetup(path: string): SourceText {
  return readSourceText(dirname(path), basename(path), "SETUP_FAILED");
}

/** Whether the files could be read, and what became of them on the server, where they were tried. */
interface Course {
  readonly areUsable: boolean;
  readonly tried: Tried | undefined;
}

function isBuildable({ areUsable, tried }: Course): boolean {
  return areUsable && tried?.isComplete !== false;
}

function sectionResult(name: Section, report: Report, course: Course): SectionResult {
  const isLeftOut = report.obstacleTo(name) !== undefined;
  return {
    name,
    notRun: name === "files" ? null : obstacleTo(name, report, course),
    note: report.noteOf(name) ?? null,
    duration: isLeftOut ? null : (report.durationOf(name) ?? null),
  };
}

function obstacleTo(name: Section, report: Report, { areUsable, tried }: Course): string | null {
  if (!areUsable) return "some files cannot be used as they are";
  if (tried?.isComplete !== false) return report.obstacleTo(name) ?? null;
  if (report.durationOf(name) === undefined) return "a migration or a file failed";
  return "ended where a migration or a file failed";
}
