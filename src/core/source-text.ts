import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CliError, type ErrorCode, type SourceLocation } from "./errors.ts";

/** A file of the project as the tool works with it: line endings as LF, without byte-order mark. */
export interface SourceText {
  /** Path below the project folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** "sha256:" and 64 hexadecimal digits, over `text`. */
  readonly checksum: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** Reads a file; refuses with `code` one that cannot be read, is not UTF-8, or holds a NUL character. */
export function readSourceText(folder: string, path: string, code: ErrorCode): SourceText {
  const bytes = readBytes(folder, path, code);
  const source = sourceTextOf(path, decode(bytes, path, code));
  refuseNul(source, code);
  return source;
}

/** Returns what a file with that text will be read as. */
export function sourceTextOf(path: string, content: string): SourceText {
  const text = content.replaceAll(/\r\n?/g, "\n");
  return { path, text, checksum: checksumOf(text) };
}

/** Returns "sha256:" and 64 hexadecimal digits. */
export function checksumOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Synchronously: a thousand small files take 30 ms, and three times as long when each is awaited. */
function readBytes(folder: string, path: string, code: ErrorCode): Buffer {
  try {
    return readFileSync(`${folder}/${path}`);
  } catch (cause) {
    throw new CliError(code, {
      message: `Cannot read the file "${path}".`,
      detail: (cause as Error).message,
      hint: "Make it a file that you may read, or move it out of the folder.",
      cause,
    });
  }
}

function decode(bytes: Buffer, path: string, code: ErrorCode): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new CliError(code, {
      message: `File "${path}" is not UTF-8.`,
      detail: `The first byte that does not fit is on line ${lineOfInvalidByte(bytes)}.`,
      hint: "Save the file as UTF-8.",
      cause,
    });
  }
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

/** PostgreSQL has no such character, and our parser would take it for the end of the file. */
function refuseNul({ path, text }: SourceText, code: ErrorCode): void {
  const index = text.indexOf("\0");
  if (index === -1) return;
  throw new CliError(code, {
    message: `File "${path}" holds a NUL character.`,
    detail: `The first one is on line ${lineAt(text, index)}.`,
    hint: "Remove it; if the file was saved as UTF-16, save it as UTF-8.",
  });
}

/** Finds line and column of a place in a file; `index` counts UTF-16 units from 0. */
export function locationAt(
  { path, text }: Pick<SourceText, "path" | "text">,
  index: number,
): SourceLocation {
  // Without the test, lastIndexOf would look at the character at 0 for a place before it.
  const lineStart = index === 0 ? 0 : text.lastIndexOf("\n", index - 1) + 1;
  const lineEnd = text.indexOf("\n", index);
  return {
    file: path,
    line: lineAt(text, lineStart),
    column: codePointsBetween(text, lineStart, index) + 1,
    text: text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd),
  };
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let feed = text.indexOf("\n"); feed !== -1 && feed < index; line += 1) {
    feed = text.indexOf("\n", feed + 1);
  }
  return line;
}

// The two that follow count without copying: a file may have 10 MB, and all of them on one line.

function codePointsBetween(text: string, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index += widthAt(text, index)) count += 1;
  return count;
}

/** Turns a position in code points, as the server and the parser count, into UTF-16 units. */
export function indexOfCodePoint(text: string, position: number): number {
  let index = 0;
  for (let passed = 0; passed < position && index < text.length; passed += 1) {
    index += widthAt(text, index);
  }
  return index;
}

/** Returns how many UTF-16 units the character has that begins there. */
function widthAt(text: string, index: number): 1 | 2 {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}
