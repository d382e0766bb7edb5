import { setMaxListeners } from "node:events";
import { CommanderError, type Command } from "commander";
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
    writeErr: (text) => process.stderr.write(text),
    outputError: () => {},
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (thrown) {
    const error =
      thrown instanceof CommanderError ? usageError(thrown, commandOf(program, argv)) : thrown;
    if (error === undefined) return ExitCode.done;
    const { createOutput } = await import("./output/create-output.ts");
    const output = await createOutput({ ...process, json: asksForJson(argv) });
    await output.error(error);
    return error instanceof CliError ? error.exitCode : ExitCode.internal;
  }
}

/** What the command line says of it is not known by its options where these cannot be read. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, place) =>
      word === "--json" ||
      word === "--format=json" ||
      (word === "--format" && argv[place + 1] === "json"),
  );
}

/** The command that the words of a command line lead to. */
function commandOf(program: Command, argv: readonly string[]): Command {
  return argv.reduce(
    (found, word) => found.commands.find((command) => command.name() === word) ?? found,
    program,
  );
}

/** commander throws for --help and --version too, which are no errors. */
function usageError(
  { code, exitCode, message }: CommanderError,
  command: Command,
): CliError | undefined {
  if (exitCode === 0) return undefined;
  if (code === "commander.help") return commandMissing(command);
  const [sentence = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const names = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(suggestion)?.[1]?.split(", ");
  return new CliError("USAGE", {
    message: `${sentence.charAt(0).toUpperCase()}${doubleQuoted(sentence.slice(1)).replace(/\.$/, "")}.`,
    hint:
      names === undefined
        ? helpHint(command)
        : `Did you mean ${names.map((name) => `"${name}"`).join(" or ")}?`,
  });
}

/** Puts our quotes around what commander has in single ones, and leaves an apostrophe in a word alone. */
function doubleQuoted(sentence: string): string {
  return sentence.replaceAll(/(?<=\s)'|'(?=[\s.]|$)/g, '"');
}

/** The error behind the help text that commander has printed for a command that needs another one after it. */
function commandMissing(command: Command): CliError {
  const names = command.commands.map((each) => `"${each.name()}"`);
  return new CliError("USAGE", {
    message: `"${fullName(command)}" needs a command.`,
    hint: `Add one of ${names.join(", ")}.`,
  });
}

function helpHint(command: Command): string {
  const what = command.commands.length > 0 ? "commands and options" : "options";
  return `"${fullName(command)} --help" lists its ${what}.`;
}

function fullName(command: Command): string {
  const { parent } = command;
  return parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** Runs the command line of this process. */
export async function main(): Promise<void> {
  const interruption = new AbortController();
  // Every query in hand listens: with several databases at once more than Node takes for a leak.
  setMaxListeners(0, interruption.signal);
  const interrupt = (): void => {
    // The second Ctrl-C is from a user who does not want to wait for the server.
    if (interruption.signal.aborted) process.exit(ExitCode.interrupted);
    interruption.abort(
      new CliError("INTERRUPTED", {
        message: "Interrupted.",
        detail:
          "The statement in hand was cancelled and its transaction rolled back; what had ended before stays.",
        hint: '"doramaflix-db status" shows where the database stands; running the command again goes on from there.',
      }),
    );
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  // A reader such as head may close the pipe before we have written all.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await run(process.argv.slice(2), {
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
  });
  // What is written leaves the process before it ends by itself. It does not where the driver was just opening a
  // connection when it was told to end: that one stays open, and would keep the process alive.
  setTimeout(() => process.exit(), lastWords).unref();
}

/** How long the process may take to end by itself, in milliseconds. */
const lastWords = 1000;
