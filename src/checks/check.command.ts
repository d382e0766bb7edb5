import type { Command, Option } from "commander";
import type { ActionRunner, Context, PostgresMajor } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { withWords } from "../core/option-values.ts";
import { isReached } from "../findings/levels.ts";
import type { Level } from "../findings/results.ts";
import { check } from "./check.ts";
import { checkView } from "./check.view.ts";
import { formatNames, readFormats, writeReports } from "./formats/formats.ts";
import { sections, walkedSections, type Section } from "./results.ts";

interface CheckOptions {
  readonly base?: string;
  readonly postgres?: PostgresMajor;
  readonly only?: readonly Section[];
  readonly skip?: readonly Section[];
  readonly setup?: string;
  readonly seeds?: string;
  readonly ignore?: readonly string[];
  readonly format?: readonly string[];
  readonly failOn: Level;
  readonly baseline?: string;
  readonly writeBaseline?: string;
}

const description =
  "Says whether the files of the project are safe to deploy. Needs no database: it starts a PostgreSQL server of its " +
  "own, applies the migrations one by one, and removes the server with all its files at the end.\n\n" +
  "files: names, numbers and form; with --base also migrations that were changed, renamed or numbered behind the " +
  "base branch. lint: statements that stop the application or lose data. trace: executes each migration, and shows the locks that it takes and the tables that it rewrites. " +
  "round-trip: takes each migration back and applies it again, and compares the catalog. snapshot: " +
  "whether schema.sql, where there is one, is what all files make together. conventions: keys, indexes, row-level " +
  "security and the like in that schema. drift, with --url: what in that database is not as the files make it. " +
  "functions, with --url: what plpgsql_check finds in the functions of that database, if it has it.\n\n" +
  "With --base only the migrations that the base branch does not have are tried; the others are applied.";

/** Declares `check`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(description)
    .option("--base <branch>", "compare with this branch or commit, and try what is new")
    .addOption(
      command
        .createOption("--postgres <version>", "the major version that production has (default: 18)")
        .choices(["15", "16", "17", "18"]),
    )
    .addOption(command.createOption("--only <sections...>", "only these").choices(sections))
    .addOption(command.createOption("--skip <sections...>", "all but these").choices(sections))
    .option("--setup <file>", "SQL to run first: roles and extensions taken for granted")
    .option(
      "--seeds <folder>",
      "data to write while migrations are tried: a file VERSION.sql for each",
    )
    .option(
      "--ignore <patterns...>",
      "with --url: objects of the database that may differ, as for drift",
    )
    .addOption(formatOption(command))
    .addOption(
      command
        .createOption(
          "--fail-on <level>",
          "exit with 1 when there is such a finding, or a worse one",
        )
        .choices(["note", "warning", "error"])
        .default("error"),
    )
    .option("--baseline <file>", "leave out the findings that this JSON file accepts")
    .option("--write-baseline <file>", "write what is found as a new baseline, with empty reasons")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db check
  doramaflix-db check --base origin/main --postgres 16 --fail-on warning
  doramaflix-db check --base origin/main --format github sarif=check.sarif
  doramaflix-db check --only files
  doramaflix-db check --only drift --url postgres://reader@db.example.org/app`,
    )
    .action(
      run<CheckOptions>(async (context, options) => {
        const { failOn, format = [], only, skip, ...input } = options;
        const formats = readFormats(format);
        const chosen = chooseSections(context, only, skip);
        const result = await check(context, { ...input, sections: chosen });
        await writeReports(result, formats);
        const inPlaceOfText = formats.find(({ file }) => file === undefined);
        context.output.result(result, inPlaceOfText?.write ?? checkView);
        return isReached(result.findings, failOn) ? ExitCode.findings : ExitCode.done;
      }),
    );
}

function formatOption(command: Command): Option {
  const option = command.createOption(
    "--format <formats...>",
    "how the findings are written; into a file: sarif=check.sarif",
  );
  return withWords(option, formatNames);
}

/** A live database is looked at where the command line alone names it, or asks for it. Throws USAGE where nothing is left. */
function chooseSections(
  { config: { connection } }: Pick<Context, "config">,
  only: readonly Section[] = connection.kind === "server" && connection.source === "--url"
    ? sections
    : ["files", ...walkedSections],
  skip: readonly Section[] = [],
): readonly Section[] {
  const chosen = sections.filter((name) => only.includes(name) && !skip.includes(name));
  if (chosen.length > 0) return chosen;
  throw new CliError("USAGE", {
    message: "Nothing is left to be checked.",
    hint: `The sections are ${sections.join(", ")}; leave one of --only and --skip out.`,
  });
}
