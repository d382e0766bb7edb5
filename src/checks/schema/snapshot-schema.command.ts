import type { Command } from "commander";
import type { ActionRunner, PostgresMajor } from "../../context.ts";
import { ExitCode } from "../../core/exit-codes.ts";
import { isStale, snapshotSchema } from "./snapshot-schema.ts";
import { snapshotView } from "./snapshot-schema.view.ts";

interface SnapshotOptions {
  readonly output?: string;
  readonly postgres?: PostgresMajor;
  readonly fromDatabase?: true;
  readonly check?: true;
}

/** Declares `snapshot-schema`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Writes the schema that the migrations, functions and views of the project make into schema.sql, so that what a " +
        "migration changes can be read as a difference. The file is SQL, makes the same schema in an empty database, and " +
        "is the same whoever writes it and when. Needs neither pg_dump nor a database: it starts a PostgreSQL server of " +
        "its own, which goes afterwards.\n\n" +
        "The tool's own objects and the partitions that policies create are left out: migrate makes them.",
    )
    .option("--output <file>", "where to write (default: schema.sql in the project folder)")
    .addOption(
      command
        .createOption(
          "--postgres <version>",
          "the major version to build on (default: that which wrote the file, or 18)",
        )
        .choices(["15", "16", "17", "18"]),
    )
    .option("--from-database", "write the schema of the connected database; only reads it")
    .option("--check", "write nothing; exit with 1 when the file is not as it would be written")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db snapshot-schema
  doramaflix-db snapshot-schema --check
  doramaflix-db snapshot-schema --from-database --output live.sql`,
    )
    .action(
      run<SnapshotOptions>(async (context, { output, postgres, fromDatabase, check }) => {
        const result = await snapshotSchema(context, {
          output,
          postgres,
          source: fromDatabase === true ? "database" : "project",
          mode: check === true ? "check" : "write",
        });
        context.output.result(result, snapshotView);
        return isStale(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}
