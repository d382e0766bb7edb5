import { toSettings, type ParsedText } from "./parameter-pairs.ts";

/** C's isspace(), which libpq uses. */
const blank = String.raw`[ \t\n\v\f\r]`;

/** A name, "=", and a value in single quotes or up to the next blank; a backslash escapes in both. */
const pair = new RegExp(
  String.raw`${blank}*([^= \t\n\v\f\r]*)${blank}*=${blank}*(?:'((?:[^'\\]|\\[^])*)'|(?!')((?:\\[^]|\\$|[^\\ \t\n\v\f\r])*))${blank}*`,
  "y",
);

/** Takes a `host=… dbname='…'` string apart by libpq's quoting rules (conninfo_parse in fe-connect.c). */
export function parseKeywordString(text: string, source: string): ParsedText {
  const pairs: [string, string][] = [];
  let end = 0;
  while (end < text.length) {
    pair.lastIndex = end;
    const match = pair.exec(text);
    // What stands here may be the rest of a password with a blank in it, so it is not repeated.
    if (!match) return malformed(source);
    pairs.push([match[1] ?? "", unescape(match[2] ?? match[3] ?? "")]);
    end = pair.lastIndex;
  }
  return toSettings({ pairs, source, quotable: true });
}

function unescape(value: string): string {
  return value.replace(/\\([^]?)/g, "$1");
}

function malformed(source: string): ParsedText {
  return {
    settings: new Map(),
    problems: [
      {
        message: `The connection string from "${source}" is malformed.`,
        hint: 'Write it as "host=localhost dbname=app user=me", with single quotes round a value that has a blank in it and a backslash before a single quote or backslash inside a value.',
      },
    ],
  };
}
