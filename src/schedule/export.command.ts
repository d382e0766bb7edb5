import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { suggest } from "../config/suggest.ts";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { withWords } from "../core/option-values.ts";
import { exportJobs, exportTargets, type ExportTarget } from "./export.ts";
import { exportView } from "./export.view.ts";
import { readSettings } from "./settings.ts";

interface ExportOptions {
  readonly program?: string;
  readonly image?: string;
  readonly output?: string;
}

/** Declares `schedule export`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Writes the jobs of the config file for those who run no scheduler of ours: as lines of a crontab, as units of " +
        "systemd, as SQL for pg_cron, or as CronJobs of Kubernetes. All but pg_cron run `schedule once`, which records each " +
        "run. Asks no database. What the target needs or cannot do is said on stderr.",
    )
    .addArgument(
      withWords(command.createArgument("<target>", "what is to run the jobs"), exportTargets),
    )
    .option("--program <path>", "how the program is called (default: doramaflix-db)")
    .option("--image <name>", "the container image for Kubernetes (default: doramaflix-db)")
    .option("--output <folder>", "write the files there, instead of printing them")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db schedule export crontab --program /usr/local/bin/doramaflix-db
  doramaflix-db schedule export systemd --output /etc/systemd/system`,
    )
    .action(
      run<ExportOptions>(async (context, options, given = "") => {
        const { program = "doramaflix-db", image = "doramaflix-db", output } = options;
        const { project } = context.config;
        const settings = readSettings(context.config);
        const nodeFolder = dirname(process.execPath);
        const input = { program, nodeFolder, image, project };
        const result = exportJobs(settings, readTarget(given), input);
        if (output !== undefined) await writeFiles(resolve(output), result.files);
        for (const note of result.notes) context.output.note(note);
        context.output.result(result, output === undefined ? exportView : writtenView(output));
        return ExitCode.done;
      }),
    );
}

function readTarget(given: string): ExportTarget {
  const target = exportTargets.find((each) => each === given);
  if (target !== undefined) return target;
  throw new CliError("USAGE", {
    message: `Nothing can be exported for "${given}".`,
    hint: `${suggest(given, exportTargets)} There are ${exportTargets.join(", ")}.`.trim(),
  });
}

type Files = ReturnType<typeof exportJobs>["files"];

async function writeFiles(folder: string, files: Files): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (error) {
    throw new CliError("USAGE", {
      message: `The files cannot be written to "${folder}".`,
      detail: error instanceof Error ? error.message : String(error),
      hint: "Name another folder with --output.",
    });
  }
}

function writtenView(folder: string): ({ files }: { readonly files: Files }) => string {
  return ({ files }) => files.map(({ name }) => `Wrote ${join(folder, name)}`).join("\n");
}
