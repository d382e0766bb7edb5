import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readParameters, type ParameterTexts } from "./parameters.ts";
import { seed } from "./seed.ts";
import { seedView } from "./seed.view.ts";

interface SeedOptions extends ParameterTexts {
  readonly append?: true;
}

/** Declares `seed`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Fills an empty database with generated data: runs the files of seeds/ in the order of their names, all in one " +
        "transaction.\n\n" +
        "The same numbers, random seed and day give the same data. The files read them as settings: seed.users, " +
        "seed.courses, seed.days, seed.random_seed and seed.as_of. A database in which any table has rows is left as " +
        "it is. A second run at the same time is refused.",
    )
    .option("--users <count>", "how many users", "1000")
    .option("--courses <count>", "how many courses", "200")
    .option("--days <count>", "how many days the data cover", "90")
    .option("--random-seed <number>", "what chance begins with", "1")
    .option("--as-of <date>", "the day after the last one with data (default: today, in UTC)")
    .option("--append", "run although there are rows already")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db seed
  doramaflix-db seed --users 200000 --courses 2000 --days 400
  doramaflix-db seed --random-seed 7 --as-of 2026-01-01`,
    )
    .action(
      run<SeedOptions>(async (context, { append = false, ...texts }) => {
        const input = { parameters: readParameters(texts), append };
        context.output.result(await seed(context, input), seedView);
        return ExitCode.done;
      }),
    );
}
