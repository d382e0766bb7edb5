import { CommanderError } from "commander";
import type { ProcessAccess } from "./create-context.ts";
import { CliError } from "./core/errors.ts";
import { ExitCode } from "./core/exit-codes.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command line and returns how the process is to end; the only place that prints errors. What --version and
 * --help do not need is loaded later.
 */
export async function run(argv: readonly string[], process: ProcessAccess): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  const program = createProgram(async (options, action, { own, operands }) => {
    const { createContext } = await import("./create-context.ts");
    const context = await createContext(process, options);
    exitCode = await action(context, own, ...operands);
  });
  program.exitOverride().configureOutput({
    writeOut: (text) => process.stdout.write(text),
    outputError: () => {},
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageError(thrown) : thrown;
    if (error === undefined) return ExitCode.done;
    const { createOutput } = await import("./output/create-output.ts");
    const output = await createOutput({ ...process, json: argv.includes("--json") });
    await output.error(error);
    return error instanceof CliError ? error.exitCode : ExitCode.internal;
  }
}

/** commander throws for --help and --version too, which are no errors. */
function usageError({ exitCode, message }: CommanderError): CliError | undefined {
  if (exitCode === 0) return undefined;
  const [sentence = "", suggestion] = message.replace(/^error: /, "").split("\n");
  return new CliError("USAGE", {
    message: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1).replace(/\.$/, "")}.`,
    hint:
      suggestion?.replaceAll(/[()]/g, "") ??
      "doramaflix-db --help lists the commands, doramaflix-db COMMAND --help its options.",
  });
}

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    // The second Ctrl-C is from a user who does not want to wait for the server.
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    interruption.abort(
      new CliError("INTERRUPTED", {
        message: "Interrupted.",
        detail:
          "The statement in hand was cancelled and its transaction rolled back; what had ended before stays.",
        hint: "doramaflix-db status shows where the database stands; running the command again goes on from there.",
      }),
    );
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  // A reader such as head may close the pipe before we have written all.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
  });
}
