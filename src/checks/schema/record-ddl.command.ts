import type { Command } from "commander";
import type { ActionRunner } from "../../context.ts";
import { ExitCode } from "../../core/exit-codes.ts";
import { recordDdl } from "./record-ddl.ts";
import { recordDdlView } from "./record-ddl.view.ts";

/** Declares `record-ddl`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Has the database record in ddl_events who changes its schema, when, with which program and from where, whoever it " +
        "is, for drift to show. Event triggers do it, which only a superuser may create. They stop no statement: what they " +
        "cannot record is a warning.",
    )
    .option("--off", "drop the event triggers; what they recorded stays")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db record-ddl
  doramaflix-db record-ddl --off`,
    )
    .action(
      run<{ readonly off?: true }>(async (context, { off = false }) => {
        context.output.result(await recordDdl(context, !off), recordDdlView);
        return ExitCode.done;
      }),
    );
}
