import type { Command } from "commander";
import type { ActionRunner } from "../context.ts";
import { CliError } from "../core/errors.ts";
import { ExitCode } from "../core/exit-codes.ts";
import { readCount, readDuration } from "../core/option-values.ts";
import { refreshViews } from "./refresh.ts";
import { refreshView } from "./refresh.view.ts";
import type { RefreshInput } from "./refresh/input.ts";
import type { RefreshResult } from "./results.ts";

interface RefreshOptions {
  readonly stale?: true;
  readonly jobs?: string;
  readonly plain?: true;
  readonly concurrently?: true;
  readonly swap?: true;
  readonly dryRun?: true;
  readonly patience?: string;
}

/** Declares `views refresh`. */
export function configure(command: Command, run: ActionRunner): void {
  command
    .description(
      "Refreshes the materialized views in which something has changed: all, or those named with all that they need " +
        "and all that needs them; each after those that it reads, in a transaction of its own. One that fails does not " +
        "stop the others, but those that need it.\n\n" +
        "Without a way it takes the one that costs least: by swap, where a fresh copy is built beside the view and " +
        "takes its place, which locks readers out for some milliseconds; concurrently, which lets them read and " +
        "locks out other refreshes; or plain, which locks readers out as long as it takes. A lock against readers is " +
        "waited for 20 ms at a time, so that nobody queues behind it.",
    )
    .argument("[names...]", "the materialized views (default: all)")
    .option(
      "--stale",
      "only views that are older than their row in matview_policies allows, and what they need",
    )
    .option(
      "--jobs <count>",
      "how many are refreshed at the same time, each in a session of its own (default: 1)",
    )
    .option("--plain", "refresh whether something has changed or not, in place")
    .option("--concurrently", "the same with REFRESH CONCURRENTLY, which needs a unique index")
    .option("--swap", "the same by a fresh copy that takes the view's place")
    .option("--dry-run", "show what would be refreshed, how and why, and change nothing")
    .option("--patience <duration>", "how long to wait for the locks of a view (default: 10s)")
    .addHelpText(
      "after",
      `
Examples:
  doramaflix-db views refresh
  doramaflix-db views refresh mv_popular_content --dry-run
  doramaflix-db views refresh --stale --jobs 2`,
    )
    .action(
      run<RefreshOptions>(async (context, options, ...names) => {
        const { stale = false, dryRun = false } = options;
        const input = { names, stale, dryRun, mode: readMode(options), ...readLimits(options) };
        const result = await refreshViews(context, input);
        context.output.result(result, refreshView);
        return exitCodeOf(result);
      }),
    );
}

function readMode(given: RefreshOptions): RefreshInput["mode"] {
  const modes = (["plain", "concurrently", "swap"] as const).filter((mode) => given[mode] === true);
  if (modes.length <= 1) return modes[0] ?? "auto";
  throw new CliError("USAGE", {
    message: `${modes.map((mode) => `--${mode}`).join(" and ")} say two things at once.`,
    hint: "Give one of them, or none: then the way that costs least is taken.",
  });
}

function readLimits(given: RefreshOptions): Pick<RefreshInput, "jobs" | "patience"> {
  const jobs = readCount("--jobs", given.jobs, 1);
  const patience = readDuration("--patience", given.patience, 10_000);
  if (jobs === 0) {
    throw new CliError("USAGE", {
      message: "--jobs takes a number above 0.",
      hint: "For example: --jobs 2",
    });
  }
  if (patience === 0) {
    throw new CliError("USAGE", {
      message: "--patience takes a duration above 0.",
      hint: "For example: --patience 500ms",
    });
  }
  return { jobs, patience };
}

function exitCodeOf({ stopped, views }: RefreshResult): ExitCode {
  if (stopped !== null) return stopped.exitCode;
  const hasFailed = views.some(({ outcome }) => outcome === "failed");
  return hasFailed ? ExitCode.operationFailed : ExitCode.done;
}
