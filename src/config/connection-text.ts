import { isUri, parseUri } from "./connection-uri.ts";
import { parseKeywordString } from "./keyword-string.ts";
import type { ParsedText } from "./parameter-pairs.ts";

/** Takes apart what --url, DATABASE_URL and the config file may hold: a URI or a keyword string. */
export function parseConnectionText(given: string, source: string): ParsedText {
  // Such as the line break that a secret's file ends with; libpq 18 trims a URI too. A keyword string
  // may end with an escaped blank, and its own blanks are skipped anyway.
  const text = given.trim();
  if (isUri(text)) return parseUri(text, source);
  const otherScheme = /^[a-z][a-z\d+.-]*:/i.test(text);
  if (text.includes("=") && !otherScheme) return parseKeywordString(given, source);
  return {
    settings: new Map(),
    problems: [
      {
        message: `What "${source}" holds is neither a PostgreSQL URL nor a keyword string.`,
        hint: 'Write "postgres://user:password@host:port/database" or "host=localhost dbname=app user=me".',
      },
    ],
  };
}
