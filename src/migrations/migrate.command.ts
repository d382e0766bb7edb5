import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { environmentOption, expectDatabaseOption } from "./ledger/expectations.ts";
import { migrate, scriptMigrations } from "./migrate.ts";
import { migrateView } from "./migrate.view.ts";
import { addRunOptions, readRunOptions, type GivenRunOptions } from "./run-options.command.ts";
import { readTargetOptions, type TargetTexts } from "./targets/target-options.ts";

interface MigrateOptions extends GivenRunOptions, TargetTexts {
  readonly to?: string;
  readonly outOfOrder: "allow" | "forbid";
  readonly dryRun?: true;
  readonly execute?: true;
  readonly sql?: true;
}

const examples = `
Examples:
  doramaflix-db migrate
  doramaflix-db migrate --dry-run
  doramaflix-db migrate --dry-run --execute
  doramaflix-db migrate --to 002_drama_enhancements
  doramaflix-db migrate --sql > migrate.sql
  doramaflix-db migrate --targets tenants.txt --canary tenant_test
  doramaflix-db migrate --targets 'tenant_*' --jobs 8 --max-failures 5
  doramaflix-db migrate --targets 'select database from tenants where active'`;

/** Declares `migrate`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Applies all pending migrations in order, then every file of functions/ and views/ that has changed.\n\n" +
        "All files are read and checked before the first statement runs. Each migration is a transaction of its own " +
        "with its row in the ledger; functions and views are applied together in one. One run works at a time, the " +
        "others wait; with nothing pending no lock is taken.\n\n" +
        'Ends with "partitions create" for the tables that partition_policies names.',
    )
    .option("--to <version>", "stop after this migration; functions and views wait for the rest")
    .addOption(
      command
        .createOption(
          "--out-of-order <policy>",
          "what to do with a pending migration that is older than an applied one",
        )
        .choices(["allow", "forbid"])
        .default("forbid"),
    )
    .option(...expectDatabaseOption)
    .option(...environmentOption)
    .option("--dry-run", "show what would be applied, and change nothing")
    .option(
      "--execute",
      "with --dry-run: execute it too, in one transaction that is rolled back, and show the locks that each statement " +
        "took, what it rewrote and its duration. Holds all locks until the end, and leaves the room that rows took to " +
        "VACUUM; sequences that the statements advance stay advanced",
    )
    .option("--sql", "print a script for psql that does the same, and change nothing")
    .option(
      "--targets <list>",
      "migrate many databases: a file with one a line, a pattern such as 'tenant_*', or a query",
    )
    .option("--canary <database>", "the one that goes first and alone (default: the first)")
    .option("--jobs <count>", "how many are migrated at the same time (default: 4)")
    .option("--max-failures <count>", "begin no other after so many failures (default: 1)");
  addRunOptions(command)
    .addHelpText("after", examples)
    .action(
      run<MigrateOptions>(async (context, options) => {
        refuseExecute(options);
        const { to, outOfOrder, dryRun = false, execute, sql, ...given } = options;
        const input = { to, outOfOrder, dryRun, options: readRunOptions(given) };
        const several = readTargetOptions(given);
        if (sql === true) {
          if (several !== undefined) throw scriptForOne();
          context.output.result(await scriptMigrations(context, input), (script) => script.sql);
          return ExitCode.done;
        }
        if (several !== undefined) {
          const { runMigrateTargets } = await import("./targets/migrate-targets.command.ts");
          return runMigrateTargets(context, { ...input, ...several });
        }
        const result = await migrate(context, { ...input, execute });
        context.output.result(result, migrateView);
        return result.partitions.failed.length === 0 ? ExitCode.done : ExitCode.operationFailed;
      }),
    );
}

function scriptForOne(): CliError {
  return new CliError("USAGE", {
    message: "--targets is not possible with --sql: a script is for one database.",
    hint: 'Write one for each: "doramaflix-db migrate --sql --url ADDRESS".',
  });
}

function refuseExecute({ execute, dryRun, sql, targets }: MigrateOptions): void {
  if (execute === undefined) return;
  const other = sql === true ? "--sql" : targets === undefined ? undefined : "--targets";
  if (dryRun === true && other === undefined) return;
  throw new CliError("USAGE", {
    message:
      other === undefined
        ? "--execute is for a dry run, and needs --dry-run."
        : `--execute is not possible with ${other}.`,
    hint: 'To execute in one database what is pending, and roll it back: "doramaflix-db migrate --dry-run --execute".',
  });
}
