import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Terminal } from "@xterm/headless";
import { onTestFinished, vi } from "vitest";

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

/** A terminal in which the program runs. */
export interface OpenTerminal {
  /** The lines that a user sees at this moment. */
  readonly lines: () => string[];
  /** True while the program draws on a screen that goes when it ends. */
  readonly isAlternate: () => boolean;
  /** All that has come to the terminal. */
  readonly written: () => string;
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly exitCode: Promise<number | null>;
}

/** Starts the built program in a real terminal, which a test then looks at and types into. */
export async function openTerminal(
  args: readonly string[],
  { columns, rows, cwd }: { columns: number; rows: number; cwd: string },
): Promise<OpenTerminal> {
  const command = [process.execPath, program, ...args].map(quote).join(" ");
  const { PATH = "", HOME = "", TMPDIR = "/tmp" } = process.env;
  const child = spawn(
    "script",
    ["-qec", `stty cols ${columns} rows ${rows}; tty; echo $$; exec ${command}`, "/dev/null"],
    { cwd, env: { PATH, HOME, TMPDIR, SHELL: "/bin/sh", TERM: "xterm-256color" } },
  );
  const exitCode = once(child, "close").then(([code]) => code as number | null);
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    written += text;
    terminal.write(text);
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exitCode;
    terminal.dispose();
  });
  const [, device = "", processId = ""] = await vi.waitUntil(
    () => /^(\/dev\/\S+)\r\n(\d+)\r\n/.exec(written),
    { timeout: 30_000 },
  );
  return {
    lines: () => {
      const { active } = terminal.buffer;
      return Array.from({ length: terminal.rows }, (_, place) =>
        (active.getLine(active.baseY + place)?.translateToString(true) ?? "").trimEnd(),
      );
    },
    isAlternate: () => terminal.buffer.active.type === "alternate",
    written: () => written,
    type: (text) => child.stdin.write(text),
    resize: async (cols, lines) => {
      terminal.resize(cols, lines);
      // The kernel tells the program.
      await promisify(execFile)("stty", ["-F", device, "cols", `${cols}`, "rows", `${lines}`]);
    },
    signal: (name) => {
      process.kill(Number(processId), name);
    },
    exitCode,
  };
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
