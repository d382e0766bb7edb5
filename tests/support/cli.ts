import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bin/doramaflix-db.js", import.meta.url));

/** How a run of the program ended. */
export interface CliResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the program that may still be going on. */
export interface CliRun {
  readonly child: ChildProcess;
  readonly result: Promise<CliResult>;
}

interface CliOptions {
  readonly cwd?: string;
  /** Added to an environment that has no PostgreSQL variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** How large a file that it writes may become, in KiB, after which writing fails as on a full disk. */
  readonly fileSize?: number;
}

/** Starts the built program as a user would. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliRun {
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const { fileSize } = options;
  const limit =
    fileSize === undefined ? [] : ["bash", "-c", `ulimit -f ${fileSize}; exec "$@"`, "bash"];
  const [command = "", ...words] = [...limit, process.execPath, program, ...args];
  const child = spawn(command, words, {
    cwd: options.cwd,
    env: { PATH, HOME, TMPDIR, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const result = new Promise<CliResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
  return { child, result };
}

/** Runs the built program to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  return startCli(args, options).result;
}

/** Ends a run without any warning, and waits until its process has gone. */
export async function killCli({ child, result }: CliRun): Promise<CliResult> {
  child.kill("SIGKILL");
  return result;
}
