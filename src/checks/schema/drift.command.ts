import type { Command } from "commander";
import type { ActionRunner } from "../../context.ts";
import { ExitCode } from "../../core/exit-codes.ts";
import { drift, hasDrift } from "./drift.ts";
import { driftView } from "./drift.view.ts";

interface DriftOptions {
  readonly ignore?: readonly string[];
}

/** Declares `drift`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Names what was changed by hand: every object of the database that is missing, extra or other than the migrations, " +
        "functions and views of the project make it, with a diff of its definition, and where it is recorded with who did " +
        "it and when. Exits with 1 when there is something.\n\n" +
        "Only reads. Builds what the project makes on a PostgreSQL server of its own, of the same major version and with " +
        "roles of the same names, which goes afterwards. The tool's own objects and the partitions that policies create " +
        "are left out.",
    )
    .option(
      "--ignore <patterns...>",
      "leave out objects with such names, and what hangs on them: 'audit_*' 'index *_tmp'",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db drift --url postgres://reader@db.example.org/app
  doramaflix-db drift --ignore "grafana.*" "schema grafana" --json`,
    )
    .action(
      run<DriftOptions>(async (context, options) => {
        const result = await drift(context, options);
        context.output.result(result, driftView);
        return hasDrift(result) ? ExitCode.findings : ExitCode.done;
      }),
    );
}
