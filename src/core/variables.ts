import { quoteIdentifier } from "./identifiers.ts";
import type { CliError } from "./errors.ts";
import { invalidFile } from "./invalid-file.ts";
import type { SourceText } from "./source-text.ts";
import { scanTokens, SyntaxProblem } from "./sql-parser.ts";
import { byteReader } from "./statements.ts";

/** A place in SQL where the value of a variable belongs, as in psql: :'name' as a string, :"name" as an identifier. */
export interface Placeholder {
  readonly name: string;
  readonly quoted: "literal" | "identifier";
  /** Where it stands, in UTF-16 units. */
  readonly index: number;
  readonly length: number;
}

/** SQL with values in the place of its placeholders. */
export interface ReplacedSql {
  readonly text: string;
  /** Returns where a place of `text` is in the original, in UTF-16 units; inside a value, where its placeholder begins. */
  readonly originalIndex: (index: number) => number;
}

/** The characters of a name are those of psql. */
const quotedName = /^(?:'([\w\u{80}-\u{10ffff}]+)'|"([\w\u{80}-\u{10ffff}]+)")/u;

/** A text without these characters has no placeholder, and is not scanned. */
const likePlaceholder = /:['"]/;

/**
 * Finds the placeholders of SQL, in order: none in strings, quoted identifiers, comments and dollar quotes, and none
 * in text that the scanner cannot read. The SQL parser must be loaded.
 */
export function findPlaceholders(sql: string): Placeholder[] {
  if (!likePlaceholder.test(sql)) return [];
  const tokens = tokensOf(sql);
  const indexOfByte = byteReader(sql);
  return tokens.flatMap((token, place) => {
    const next = tokens[place + 1];
    if (token.text !== ":" || next?.start !== token.start + 1) return [];
    const match = quotedName.exec(next.text);
    if (match === null) return [];
    const [text, literal, identifier = ""] = match;
    return [
      {
        name: literal ?? identifier,
        quoted: literal === undefined ? "identifier" : "literal",
        index: indexOfByte(token.start),
        length: ":".length + text.length,
      },
    ];
  });
}

function tokensOf(sql: string): ReturnType<typeof scanTokens> {
  try {
    return scanTokens(sql);
  } catch (error) {
    if (error instanceof SyntaxProblem) return [];
    throw error;
  }
}

/** Returns where in its file a place of SQL stands that begins at `start` and may have values in it. */
export function placeInFile(
  {
    start,
    originalIndex: originalOf,
  }: { readonly start: number; readonly originalIndex?: ReplacedSql["originalIndex"] | undefined },
  index: number,
): number {
  return start + (originalOf?.(index) ?? index);
}

/** SQL that begins at `start` of a file. */
interface PlacedSql {
  readonly source: Pick<SourceText, "path" | "text">;
  readonly sql: string;
  readonly start: number;
}

/** SQL that stands in the place of a placeholder as it is. */
export interface RawSql {
  readonly sql: string;
}

/**
 * Puts the values of variables in the place of the placeholders. Throws VARIABLE_UNDEFINED with the place in the file
 * where there is no value. The SQL parser must be loaded.
 */
export function replacePlaceholders(
  { source, sql, start }: PlacedSql,
  variables: Readonly<Record<string, string | RawSql>>,
): ReplacedSql {
  const pieces = findPlaceholders(sql).map(({ name, quoted, index, length }) => {
    if (!Object.hasOwn(variables, name)) throw undefinedVariable(source, start + index, name);
    return { index, length, value: written(variables[name] ?? "", quoted) };
  });
  let end = 0;
  const texts = pieces.map(({ index, length, value }) => {
    const before = sql.slice(end, index);
    end = index + length;
    return before + value;
  });
  const text = texts.join("") + sql.slice(end);
  return { text, originalIndex: (index) => originalIndex(pieces, index) };
}

function written(value: string | RawSql, quoted: Placeholder["quoted"]): string {
  if (typeof value !== "string") return value.sql;
  return quoted === "literal" ? asLiteral(value) : quoteIdentifier(value);
}

/** A placeholder and what stands in its place. */
interface Piece extends Pick<Placeholder, "index" | "length"> {
  readonly value: string;
}

function originalIndex(pieces: readonly Piece[], index: number): number {
  let longer = 0;
  for (const piece of pieces) {
    const begin = piece.index + longer;
    if (index < begin) break;
    if (index < begin + piece.value.length) return piece.index;
    longer += piece.value.length - piece.length;
  }
  return index - longer;
}

/** With a backslash in it, whatever standard_conforming_strings is; the space keeps the E from a name before it. */
function asLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return value.includes("\\") ? ` E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

function undefinedVariable(source: PlacedSql["source"], index: number, name: string): CliError {
  const hint = /^[a-z_][a-z0-9_]*$/.test(name)
    ? `Define it in doramaflix-db.json, { "variables": { "${name}": "…" } }, or in the environment: DORAMAFLIX_DB_VARIABLE_${name.toUpperCase()}`
    : 'Names of variables have lower-case letters, digits and "_", and do not begin with a digit.';
  return invalidFile("VARIABLE_UNDEFINED", source, {
    index,
    message: `The variable "${name}" has no value.`,
    hint,
  });
}
