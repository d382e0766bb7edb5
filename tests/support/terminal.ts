import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Terminal } from "@xterm/headless";

const program = fileURLToPath(new URL("../../bin/doramaflix-db.js", import.meta.url));

/** What a user saw of a run in a terminal. */
export interface TerminalResult {
  readonly exitCode: number;
  /** The lines of the screen; one that the terminal had to break inside a word ends with "↩". */
  readonly screen: string;
  /** True where any text on the screen has a colour or is bold or faint. */
  readonly styled: boolean;
}

interface TerminalOptions {
  readonly columns: number;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the user types. */
  readonly input?: string;
}

/** Runs the built program in a real terminal, and returns what its screen shows at the end. */
export async function runInTerminal(
  args: readonly string[],
  { columns, cwd, env, input = "" }: TerminalOptions,
): Promise<TerminalResult> {
  const command = [process.execPath, program, ...args].map(quote).join(" ");
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const { exitCode, output } = await run(
    ["-qec", `stty cols ${columns} rows 50 && exec ${command}`, "/dev/null"],
    {
      cwd,
      env: {
        PATH,
        HOME,
        TMPDIR,
        SHELL: "/bin/sh",
        TERM: "xterm-256color",
        ...env,
      },
      input,
    },
  );
  return { exitCode, ...(await draw(output, columns)) };
}

async function run(
  args: readonly string[],
  { input, ...options }: { cwd: string; env: Readonly<Record<string, string>>; input: string },
): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile("script", args, options, (error, stdout) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === "number") resolve({ exitCode: code, output: stdout });
      else reject(new Error("script could not be run.", { cause: error }));
    });
    child.stdin?.end(input);
  });
}

/** Lets a terminal emulator interpret what a program has written. */
async function draw(
  output: string,
  columns: number,
): Promise<Pick<TerminalResult, "screen" | "styled">> {
  const terminal = new Terminal({ cols: columns, rows: 200, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(output, resolve);
  });
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, place) => {
    const broken = active.getLine(place + 1)?.isWrapped === true;
    return `${active.getLine(place)?.translateToString(true) ?? ""}${broken ? "↩" : ""}`;
  });
  terminal.dispose();
  return {
    screen: lines.join("\n").trimEnd(),
    // oxlint-disable-next-line no-control-regex
    styled: /\u001b\[[1-9][\d;]*m/.test(output),
  };
}

function quote(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
