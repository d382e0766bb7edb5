import type { Command } from "commander";
import type { ActionRunner, Context } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { formatDuration } from "../output/units.ts";
import { writeAs, type Views } from "../output/formats.ts";
import { readCount, readDuration } from "../core/option-values.ts";
import { readMoment } from "./moment.ts";
import type { Choice } from "./report.ts";
import { formats, sorts, type SlowQueriesResult, type SlowQueryResult } from "./results.ts";
import { slowQueries, slowQuery, type Options } from "./slow-queries.ts";
import type * as View from "./slow-queries.view.ts";

interface Given {
  readonly sort: Choice["sort"];
  readonly minMean?: string;
  readonly limit?: string;
  readonly database?: string;
  readonly user?: string;
  readonly query?: string;
  readonly sample?: string;
  readonly since?: string;
  readonly compare?: string;
  readonly watch?: string;
  readonly format?: (typeof formats)[number];
  readonly explain?: true;
}

type Limits = Omit<Options, "meanwhile">;

/** Declares `slow-queries`. */
export function configure(command: Command, run: ActionRunner): void {
  addChoice(command);
  addTimes(command);
  addFormats(command);
  command
    .description(
      "Shows what runs now and who waits for whom, and the statements that cost most: since their statistics were reset, " +
        "or with --sample or --since in the time that it says.\n\n" +
        "The statements come from the extension pg_stat_statements; where it is missing, it is said how to get it. Needs " +
        "nothing else but for --since and --compare the snapshots that snapshot takes, works on a standby and through a pooler, " +
        "changes nothing and takes no lock; with --explain those of planning, for a moment.",
    )
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db slow-queries
  doramaflix-db slow-queries --sample 30s
  doramaflix-db slow-queries --since 15min
  doramaflix-db slow-queries --since 1h --compare yesterday
  doramaflix-db slow-queries --watch 5s
  doramaflix-db slow-queries --format html > slow.html
  doramaflix-db slow-queries --sort mean --min-mean 1s --database shop
  doramaflix-db slow-queries --query 7723456789012345678 --explain`,
    )
    .action(
      run<Given>(async (context, given) => {
        const limits = optionsOf(given);
        if (given.watch !== undefined) return watchStatements(context, limits, given);
        return given.query === undefined
          ? showStatements(context, limits, given.format)
          : showStatement(context, { ...limits, queryId: readQueryId(given.query) }, given.format);
      }),
    );
}

/** Which statements, and how. */
function addChoice(command: Command): void {
  command
    .addOption(
      command
        .createOption("--sort <figure>", "what the worst statement has most of")
        .choices(sorts)
        .default("total"),
    )
    .option("--min-mean <duration>", "only statements that take as long on average, such as 1s")
    .option("--limit <count>", "how many statements to show (default: 10)")
    .option("--database <name>", "only this database (default: all)")
    .option("--user <name>", "only this role (default: all)")
    .addOption(
      command
        .createOption("--query <id>", "show the statement of this number whole, with advice")
        .conflicts(["minMean", "limit"]),
    );
}

/** Of which time. */
function addTimes(command: Command): void {
  command
    .addOption(
      command
        .createOption(
          "--sample <duration>",
          "look twice, and show what ran in between; Ctrl-C ends it early, with a report",
        )
        .conflicts(["since", "compare"]),
    )
    .option(
      "--since <moment>",
      "since the last snapshot that had been taken by then: 15min, yesterday (24 h ago), last-week, " +
        "2026-01-31T14:00 (UTC), or the snapshot of a number",
    )
    .addOption(
      command
        .createOption(
          "--compare <moment>",
          "with as long a time that ended then; says what is new, gone, slower and faster (of the last hour, or --since)",
        )
        .conflicts("query"),
    );
}

/** How often, and as what. */
function addFormats(command: Command): void {
  command
    .addOption(
      command
        .createOption(
          "--watch <duration>",
          "look as often, and show each time what ran since; Ctrl-C ends it",
        )
        .conflicts(["query", "sample", "since", "compare", "explain"]),
    )
    .option(
      "--explain",
      "show the plan of each statement of this database, what it points to, and with HypoPG which index helps; executes none",
    )
    .addOption(
      command
        .createOption("--format <format>", "how to write it (default: table)")
        .choices(formats),
    );
}

/** Loading it takes as long as a query, and would keep the first one from being sent. */
async function loadView(): Promise<typeof View> {
  return import("./slow-queries.view.ts");
}

const viewsOfStatements: Views<SlowQueriesResult> = {
  table: async () => (await loadView()).slowQueriesView,
  documents: {
    markdown: async () => (await import("./markdown/slow-queries.view.ts")).slowQueriesMarkdown,
    html: async () => (await import("./html/slow-queries.view.ts")).slowQueriesPage,
  },
};

async function showStatements(
  context: Context,
  options: Limits,
  format: Given["format"],
): Promise<ExitCode> {
  const result = await slowQueries(context, { ...options, meanwhile: loadView });
  await writeAs({ format, views: viewsOfStatements }, result, context.output);
  return exitCode(result.statements?.wasInterrupted);
}

const viewsOfStatement: Views<SlowQueryResult> = {
  table: async () => (await import("./slow-query.view.ts")).slowQueryView,
  documents: {
    markdown: async () => (await import("./markdown/slow-query.view.ts")).slowQueryMarkdown,
    html: async () => (await import("./html/slow-query.view.ts")).slowQueryPage,
  },
};

async function showStatement(
  context: Context,
  { queryId, ...options }: Limits & { readonly queryId: string },
  format: Given["format"],
): Promise<ExitCode> {
  const result = await slowQuery(context, queryId, options);
  await writeAs({ format, views: viewsOfStatement }, result, context.output);
  return exitCode(result.window.wasInterrupted);
}

/** Ends when the user has seen enough, which is no interruption of anything. */
async function watchStatements(
  context: Context,
  options: Limits,
  { watch: given, format = "table" }: Given,
): Promise<ExitCode> {
  if (format === "markdown" || format === "html") {
    throw new CliError("USAGE", {
      message: `--watch has no end, and --format ${format} writes one document.`,
      hint: `For one of what runs now: --sample 30s --format ${format}`,
    });
  }
  const interval = readDuration("--watch", given, 0);
  if (interval === 0) throw notZero("--watch", "5s");
  const [{ watch }, { slowQueriesView }] = await Promise.all([import("./watch.ts"), loadView()]);
  const standing = `every ${formatDuration(interval)}; Ctrl-C ends it`;
  const screens = await context.output.screens(slowQueriesView, standing);
  try {
    await watch(context, { ...options, interval, meanwhile: loadView }, screens);
  } finally {
    screens.end();
  }
  return ExitCode.done;
}

function exitCode(wasInterrupted = false): ExitCode {
  return wasInterrupted ? ExitCode.interrupted : ExitCode.done;
}

function optionsOf(given: Given): Limits {
  const { sort, database, user, explain } = given;
  const limit = readCount("--limit", given.limit, 10);
  const sample = given.sample === undefined ? undefined : readDuration("--sample", given.sample, 0);
  if (limit === 0) throw notZero("--limit", "10");
  if (sample === 0) throw notZero("--sample", "30s");
  const minMean = readDuration("--min-mean", given.minMean, 0);
  return { sort, minMean, limit, database, user, sample, explain, ...lookingBack(given) };
}

/** What is compared is the last hour, where nothing else was said. */
function lookingBack({ since, compare }: Given): Pick<Limits, "since" | "compare"> {
  const start = since ?? (compare === undefined ? undefined : "1h");
  return {
    since: start === undefined ? undefined : readMoment("--since", start),
    compare: compare === undefined ? undefined : readMoment("--compare", compare),
  };
}

function notZero(option: string, example: string): CliError {
  return new CliError("USAGE", {
    message: `${option} takes more than 0.`,
    hint: `For example: ${option} ${example}`,
  });
}

function readQueryId(text: string): string {
  if (/^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) {
    return String(BigInt(text));
  }
  throw new CliError("USAGE", {
    message: `--query takes the number of a statement, not "${text}".`,
    hint: '"doramaflix-db slow-queries" shows the number of each statement, such as -4123456789012345678.',
  });
}
