import { spawn, type SpawnOptions } from "node:child_process";

import type { Account } from "./account.ts";
import { serverFailure } from "./failure.ts";

/**
 * Returns what every program of PostgreSQL is spawned with. Nothing of the user's environment is
 * passed on: PGDATA, PGPORT or LC_ALL would change what the program does. A session of its own
 * keeps Ctrl-C on the terminal away from it. Node drops root's supplementary groups together with
 * the user id. The working folder is one that every account can enter.
 */
export function spawnOptions(account: Account | undefined): SpawnOptions {
  return { cwd: "/", detached: true, env: { PATH: "/usr/bin:/bin", LC_ALL: "C" }, ...account };
}

interface Tool {
  readonly file: string;
  readonly args: readonly string[];
  /** What the program reads from its standard input. */
  readonly input?: string;
  readonly account: Account | undefined;
}

interface ToolResult {
  readonly succeeded: boolean;
  /** Both streams, in the order they came. */
  readonly output: string;
}

/** Runs a program to its end. */
export function runTool(tool: Tool): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool.file, tool.args, { ...spawnOptions(tool.account), stdio: "pipe" });
    let output = "";
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.once("error", (cause) => {
      reject(cannotRun(tool.file, cause));
    });
    child.once("close", (status) => {
      resolve({ succeeded: status === 0, output });
    });
    // A program that fails early has closed its input; its exit status says so.
    child.stdin.once("error", () => undefined);
    child.stdin.end(tool.input);
  });
}

/** Makes the error of a program that the system did not start. */
export function cannotRun(file: string, cause: Error): Error {
  return serverFailure(`The program "${file}" of the embedded server could not be started.`, {
    detail: cause.message,
    cause,
  });
}
