import type { Command } from "commander";

import type { ActionRunner } from "../context.ts";
import { ExitCode } from "../core/exit-codes.ts";
import type { ServerStatus } from "./results.ts";
import { serverStatus, serverUrl, startServer, stopServer } from "./server.ts";
import { viewStarted, viewStatus, viewStopped, viewUrl } from "./server.view.ts";

interface StatusOptions {
  readonly exitCode?: boolean;
}

/** Adds the subcommands of "server"; they always mean the embedded server, whatever else is configured. */
export function configure(command: Command, run: ActionRunner): void {
  command.helpCommand(false);
  configureStart(command, run);
  configureStop(command, run);
  configureStatus(command, run);
  configureUrl(command, run);
}

function configureStart(command: Command, run: ActionRunner): void {
  command
    .command("start")
    .summary("start the embedded server and keep it running")
    .description(
      "Starts the embedded PostgreSQL server and keeps it running until it is stopped. The first start creates it in the project's folder .doramaflix. Without this command, every other command starts the server for itself and stops it again.",
    )
    .addHelpText("after", examples("doramaflix-db server start", "doramaflix-db migrate"))
    .action(
      run(async (context) => {
        const tell = (text: string): void => context.output.note(text);
        const result = await startServer(context.config.project, { tell });
        context.output.result(result, viewStarted);
        return ExitCode.done;
      }),
    );
}

function configureStop(command: Command, run: ActionRunner): void {
  command
    .command("stop")
    .summary("stop the embedded server")
    .description(
      "Stops the embedded PostgreSQL server. Sessions that are still connected are ended, and their open transactions are rolled back. The data stays.",
    )
    .addHelpText("after", examples("doramaflix-db server stop"))
    .action(
      run(async (context) => {
        context.output.result(await stopServer(context.config.project), viewStopped);
        return ExitCode.done;
      }),
    );
}

function configureStatus(command: Command, run: ActionRunner): void {
  command
    .command("status")
    .summary("show whether the embedded server is running, and where its files are")
    .description(
      "Shows whether the embedded PostgreSQL server is running, its address without the password, and where its data and its log are. Starts and changes nothing.",
    )
    .option("--exit-code", "exit with 1 if the server is not running")
    .addHelpText(
      "after",
      examples("doramaflix-db server status", "doramaflix-db server status --exit-code || exit"),
    )
    .action(
      run<StatusOptions>(async (context, options) => {
        const result = await serverStatus(context.config.project);
        context.output.result(result, viewStatus);
        return exitCodeOf(result, options);
      }),
    );
}

function configureUrl(command: Command, run: ActionRunner): void {
  command
    .command("url")
    .summary("print the address of the running embedded server, with its password")
    .description(
      "Prints the URL of the running embedded PostgreSQL server and nothing else. It contains the password. Fails if the server is not running.",
    )
    .addHelpText(
      "after",
      examples("doramaflix-db server start", 'psql "$(doramaflix-db server url)"'),
    )
    .action(
      run((context) => {
        context.output.result(serverUrl(context.config.project), viewUrl);
        return Promise.resolve(ExitCode.done);
      }),
    );
}

function exitCodeOf(result: ServerStatus, { exitCode }: StatusOptions): ExitCode {
  return exitCode === true && !result.running ? ExitCode.findings : ExitCode.done;
}

function examples(...lines: string[]): string {
  return ["", "Examples:", ...lines.map((line) => `  ${line}`)].join("\n");
}
