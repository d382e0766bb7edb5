import { spawn } from "node:child_process";

/** How much of what the command says on its standard error is kept, in characters. */
const longestWords = 500;

interface GivenCommand {
  /** The program and its arguments; no shell is between. */
  readonly command: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  /** What it reads from its standard input. */
  readonly input: string;
}

/** Runs a command to its end; when the signal is aborted it is killed, with all that it has started. */
export async function runCommand(
  { command: [program = "", ...args], folder, input }: GivenCommand,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      // A group of its own: it can be killed with its children, and Ctrl-C on the terminal is not meant for it.
      detached: true,
      stdio: ["pipe", "ignore", "pipe"],
    });
    let words = "";
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid);
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", kill, { once: true });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(0, longestWords);
    });
    child.once("error", reject).once("close", (code, killedBy) => {
      signal.removeEventListener("abort", kill);
      if (code === 0) resolve();
      else
        reject(
          new Error(`It ended with ${code ?? killedBy}: ${words.trim() || "it said nothing"}`),
        );
    });
    // One that does not read has closed its input; its exit code says whether that is right.
    child.stdin.once("error", () => {});
    child.stdin.end(input);
  });
}

function killGroup(processId: number): void {
  try {
    process.kill(-processId, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
