import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { withWords } from "../core/option-values.ts";
import { importMigrations, type ImportInput } from "./import.ts";
import { importView } from "./import.view.ts";
import { toolNames } from "./import/tool.ts";

interface ImportOptions {
  readonly from: string;
  readonly ledger?: true;
  readonly ledgerTable?: string;
  readonly dryRun?: true;
}

/** Declares `import`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Writes the SQL migrations of another tool into the project as migrations of its own.\n\n" +
        "All files are read, converted and checked first: if one cannot be converted, nothing is written. With " +
        "--ledger it also takes over what the other tool has applied to the database: each of those migrations is " +
        "recorded as applied, and none is run. It then holds the migration lock, and keeps the other tool out of " +
        "its table. That table is never dropped.",
    )
    .addArgument(withWords(command.createArgument("<tool>", "whose they are"), toolNames))
    .requiredOption("--from <folder>", "the folder of the other tool's migrations")
    .option("--ledger", "take the other tool's history over from the database")
    .option("--ledger-table <schema.table>", "where that history is, if not in the usual place")
    .option("--dry-run", "show what would be written and recorded, and change nothing")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db import dbmate --from db/migrations --dry-run
  doramaflix-db import goose --from migrations --project database
  doramaflix-db import flyway --from src/main/resources/db/migration --ledger`,
    )
    .action(
      run<ImportOptions>(async (context, options, tool = "") => {
        const result = await importMigrations(context, readInput(options, tool));
        context.output.result(result, importView);
        return ExitCode.done;
      }),
    );
}

function readInput(
  { from, ledger, ledgerTable, dryRun }: ImportOptions,
  given: string,
): ImportInput {
  const tool = toolNames.find((name) => name === given);
  if (tool === undefined) {
    throw new CliError("USAGE", {
      message: `There is no import from "${given}".`,
      hint: `There is one from ${toolNames.join(", ")}.`,
    });
  }
  if (ledgerTable !== undefined && ledger === undefined) {
    throw new CliError("USAGE", {
      message: "--ledger-table says where the history is, but not to take it over.",
      hint: "Add --ledger, or leave --ledger-table out.",
    });
  }
  return {
    tool,
    from,
    dryRun: dryRun ?? false,
    ledger: ledger === undefined ? undefined : { table: ledgerTable },
  };
}
