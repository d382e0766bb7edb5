import ansiEscapes from "ansi-escapes";
import type { Screens, View } from "./output.ts";
import type { Style } from "./style.ts";
import { widthOf, type TextStream } from "./text-stream.ts";
import { wrapLines } from "./wrap.ts";

interface ScreenOptions {
  readonly stdout: TextStream;
  readonly style: Style;
  readonly json: boolean;
  readonly note: (text: string) => void;
  readonly standing: string;
}

/** Shows results on a terminal in one place; otherwise below each other, or as one JSON object a line. */
export function openScreens<Result extends object>(
  view: View<Result>,
  options: ScreenOptions,
): Screens<Result> {
  const { stdout, json } = options;
  const closing = new AbortController();
  const close = (): void => {
    closing.abort();
  };
  stdout.on("error", close);
  const screens =
    stdout.isTTY === true && !json ? terminalScreens(view, options) : listedScreens(view, options);
  return {
    ...screens,
    closed: closing.signal,
    end: () => {
      screens.end();
      stdout.off("error", close);
    },
  };
}

type Shown<Result> = Omit<Screens<Result>, "closed">;

/** For files, pipes and programs. */
function listedScreens<Result>(
  view: View<Result>,
  { stdout, style, json, note }: ScreenOptions,
): Shown<Result> {
  let told: string | undefined;
  return {
    show: (result) => {
      told = undefined;
      stdout.write(
        json
          ? `${JSON.stringify(result)}\n`
          : `${view(result, { width: widthOf(stdout), style })}\n\n\n`,
      );
    },
    delay: (text) => {
      if (text !== told) note(text);
      told = text;
    },
    end: () => {},
  };
}

/** Draws on the terminal's other screen, so that what stood there before comes back at the end. */
function terminalScreens<Result>(
  view: View<Result>,
  { stdout, style, standing }: ScreenOptions,
): Shown<Result> {
  let shown: Result | undefined;
  let delay: string | undefined;
  let isOpen = false;
  const draw = (): void => {
    const { width, height } = sizeOf(stdout);
    const text = shown === undefined ? "" : wrapLines(view(shown, { width, height, style }), width);
    const lines = text.split("\n");
    const room = height - 1;
    const rest = lines.length > room ? `; ${lines.length - room} more lines do not fit` : "";
    const last = delay === undefined ? style.faint(standing + rest) : style.attention(delay);
    const [lastLine = ""] = wrapLines(last, width).split("\n");
    stdout.write(
      [
        isOpen ? "" : ansiEscapes.enterAlternativeScreen + ansiEscapes.cursorHide,
        ansiEscapes.cursorTo(0, 0),
        // Each line is cleared when it is written: a screen that is cleared as a whole flickers.
        ...lines.slice(0, room).map((line) => `${ansiEscapes.eraseEndLine}${line}\n`),
        ansiEscapes.eraseDown,
        ansiEscapes.cursorTo(0, room),
        lastLine,
      ].join(""),
    );
    isOpen = true;
  };
  const restore = (): void => {
    if (isOpen) stdout.write(ansiEscapes.cursorShow + ansiEscapes.exitAlternativeScreen);
    isOpen = false;
  };
  // The second Ctrl-C ends the process at once.
  process.once("exit", restore);
  const resize = (): void => {
    if (isOpen) draw();
  };
  stdout.on("resize", resize);
  return {
    show: (result) => {
      shown = result;
      delay = undefined;
      draw();
    },
    delay: (text) => {
      delay = text;
      draw();
    },
    end: () => {
      stdout.off("resize", resize);
      process.off("exit", restore);
      restore();
    },
  };
}

/** A terminal that does not know its size, or says 0, is taken to have 24 lines of 80 columns. */
function sizeOf(stdout: TextStream): { readonly width: number; readonly height: number } {
  const { rows = 0 } = stdout;
  return { width: widthOf(stdout), height: rows > 0 ? rows : 24 };
}
