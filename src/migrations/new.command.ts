import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { newMigration } from "./new.ts";

/** Declares `new`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Writes an empty migration with the next number into migrations/. Needs no database.",
    )
    .argument("<name>", 'what it does, in a few words: "add ratings" becomes 007_add_ratings.sql')
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db new add_ratings
  doramaflix-db new "add ratings to courses"`,
    )
    .action(
      run(async ({ config, output }, _options, name = "") => {
        output.result(await newMigration(config, name), ({ path }) => `Wrote ${path}`);
        return ExitCode.done;
      }),
    );
}
