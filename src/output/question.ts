import { createInterface } from "node:readline/promises";
import { CliError } from "../core/errors.ts";

/** Where a question is put, and how it is answered. */
export interface Asked {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean | undefined };
  /** Aborted when the user interrupts the run. */
  readonly signal: AbortSignal;
}

/** Puts a question and waits for the answer; throws INTERRUPTED for any but yes, and USAGE without a terminal. */
export async function confirm(question: string, { stdin, stderr, signal }: Asked): Promise<void> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    throw new CliError("USAGE", {
      message: "This has to be confirmed, and there is no terminal to ask on.",
      hint: "Add --yes to do it without a question, or --dry-run to see what would be done.",
    });
  }
  stderr.write(`${question} [y/N] `);
  if (/^y(es)?$/i.test((await readLine(stdin, signal)).trim())) return;
  throw new CliError("INTERRUPTED", {
    message: "The answer was not yes.",
    hint: "Nothing was changed.",
  });
}

/** Returns the next line; nothing when the terminal is closed or Ctrl-D is typed. */
async function readLine(stdin: Asked["stdin"], signal: AbortSignal): Promise<string> {
  // Not as a terminal: it would keep Ctrl-C from becoming the signal that the program listens for.
  const reader = createInterface({ input: stdin, terminal: false });
  const closed = new Promise<string>((resolve) => {
    reader.once("close", () => {
      resolve("");
    });
  });
  try {
    return await Promise.race([reader.question("", { signal }), closed]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    reader.close();
  }
}
