import { isUri } from "./connection-uri.ts";
import { redactUrl } from "./redact.ts";
import type { Config } from "./schema.ts";

/** One of several databases as the user gave it: its name, or where it is. */
export interface GivenTarget {
  readonly text: string;
  /** The place of the text, as the user knows it: "tenants.txt:3". */
  readonly source: string;
  /** The server gave it as the name of a database, so it describes no connection, whatever it looks like. */
  readonly isName?: true;
}

/** The same, resolved. */
export interface Target {
  /** The database's name, and where it is if the user said so. */
  readonly name: string;
  readonly config: Config;
}

/**
 * Returns whether a text describes a connection and is no name of a database, by libpq's rule; and whether it only
 * tries to, so that a password in a misspelt URL is never taken for a part of a name, and shown.
 */
export function isConnectionText(text: string): boolean {
  return text.includes("=") || isUri(text) || /^[a-z][a-z\d+.-]*:\/|:[^]*@/i.test(text);
}

/** Returns what a user gave for a database in a form that may be printed. */
export function printable(text: string): string {
  return isConnectionText(text) ? redactUrl(text) : text;
}
