import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CliError, type ErrorCode, type SourceLocation } from "../core/errors.ts";

/** A file of the project as the tool works with it: line endings as LF, without byte-order mark. */
export interface SourceText {
  /** Path below the project folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** "sha256:" and 64 hexadecimal digits, over `text`. */
  readonly checksum: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Reads a file; refuses one that is not UTF-8 with `code`. */
export async function readSourceText(
  folder: string,
  path: string,
  code: ErrorCode,
): Promise<SourceText> {
  const bytes = await readFile(`${folder}/${path}`);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw new CliError(code, {
      message: `File "${path}" is not UTF-8.`,
      detail: `The first byte that does not fit is on line ${lineOfInvalidByte(bytes)}.`,
      hint: "Save the file as UTF-8.",
      cause,
    });
  }
  const normalised = text.replaceAll(/\r\n?/g, "\n");
  const digest = createHash("sha256").update(normalised).digest("hex");
  return { path, text: normalised, checksum: `sha256:${digest}` };
}

/** Decoding line by line finds the line: a line feed is never part of another UTF-8 character. */
function lineOfInvalidByte(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}

/** Finds line and column of a place in a file; `index` counts UTF-16 units from 0. */
export function locationAt(source: SourceText, index: number): SourceLocation {
  const lineStart = source.text.lastIndexOf("\n", index - 1) + 1;
  const lineEnd = source.text.indexOf("\n", index);
  return {
    file: source.path,
    line: source.text.slice(0, lineStart).split("\n").length,
    column: Array.from(source.text.slice(lineStart, index)).length + 1,
    text: source.text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd),
  };
}

/** Turns a position in code points, as the server and the parser count, into UTF-16 units. */
export function indexOfCodePoint(text: string, position: number): number {
  return Array.from(text).slice(0, position).join("").length;
}
