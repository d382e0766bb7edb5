import type { Output, Page } from "./output.ts";
import type { Asked } from "./question.ts";
import { lineProgress } from "./progress.ts";
import { colouredStyle, plainStyle } from "./style.ts";
import { widthOf, type TextStream } from "./text-stream.ts";

interface OutputOptions extends Pick<Asked, "signal"> {
  /** Called only to ask a question: a stream that is opened takes time. */
  readonly stdin: () => Asked["stdin"];
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly json: boolean;
  /** NO_COLOR, FORCE_COLOR and TERM are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Makes the Output of one run. The format is chosen here, and no command knows which it is; the libraries that only
 * a terminal or an error needs are loaded when they are needed.
 */
export async function createOutput(options: OutputOptions): Promise<Output> {
  const { stdout, stderr, json, env } = options;
  const page = await pageOf(stdout, env);
  const notes = await pageOf(stderr, env);
  const [fitStdout, fitStderr] = await Promise.all([fitting(page), fitting(notes)]);
  const note = (text: string): void => {
    stderr.write(`${fitStderr(text)}\n`);
  };
  const warned = new Set<string>();
  return {
    result: (result, view) => {
      const text = json ? JSON.stringify(result, null, 2) : fitStdout(view(result, page));
      stdout.write(`${text}\n`);
    },
    line: (result, view) => {
      const isRead = stdout.isTTY === true && !json;
      stdout.write(`${isRead ? fitStdout(view(result, page)) : JSON.stringify(result)}\n`);
    },
    document: (result, view) => {
      stdout.write(`${view(result)}\n`);
    },
    screens: async (view, standing) => {
      const { openScreens } = await import("./screens.ts");
      return openScreens(view, { stdout, style: page.style, json, note, standing });
    },
    note,
    warn: (text) => {
      // What is wrong with a file is met again for each database that needs it.
      if (warned.has(text)) return;
      warned.add(text);
      note(`${notes.style.attention("warning:")} ${text}`);
    },
    progress: async () => {
      if (stderr.isTTY !== true) return lineProgress(note);
      const { spinnerProgress } = await import("./spinner.ts");
      return spinnerProgress();
    },
    preview: (result, view) => {
      note(`${view(result, notes)}\n`);
    },
    confirm: async (question, { yes }) => {
      if (yes) return;
      const { confirm } = await import("./question.ts");
      await confirm(fitStderr(question), { ...options, stdin: options.stdin() });
    },
    error: async (error) => {
      const { errorReport, errorText } = await import("./error-report.ts");
      const report = errorReport(error);
      if (json) stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
      note(errorText(report, notes));
    },
  };
}

async function pageOf(stream: TextStream, env: OutputOptions["env"]): Promise<Page> {
  const forced = (env["FORCE_COLOR"] ?? "0") !== "0";
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  const coloured = forced || (stream.isTTY === true && !refused);
  return { width: widthOf(stream), style: coloured ? await colouredStyle() : plainStyle };
}

/** Returns what breaks lines that are too wide for the page. */
async function fitting({ width }: Page): Promise<(text: string) => string> {
  if (width === Infinity) return (text) => text;
  const { wrapLines } = await import("./wrap.ts");
  return (text) => wrapLines(text, width);
}
