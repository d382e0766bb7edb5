import { CliError } from "../core/errors.ts";
import { locationAt, type SourceText } from "./source-text.ts";
import type { Version } from "./version.ts";

/** The statements of one direction of a migration. */
export interface MigrationPart {
  readonly sql: string;
  /** Where `sql` begins in the file's text, in UTF-16 units. */
  readonly start: number;
  /** False when the statements run one by one, outside a transaction. */
  readonly transaction: boolean;
}

/** A file of migrations/, read as docs/migration-format.md says. */
export interface MigrationFile {
  readonly version: Version;
  readonly source: SourceText;
  readonly description: string;
  readonly up: MigrationPart;
  /** The way back: statements, or the reason why there are none. */
  readonly down: MigrationPart | { readonly irreversible: string };
}

/** A line that begins with "-- migrate:"; its parts are the keyword and the rest. */
const directiveLine = /^-- migrate:(\S*)[ \t]*(.*)$/gm;

interface Directive {
  readonly keyword: string;
  readonly argument: string;
  readonly index: number;
  /** The text from after the line to the next directive. */
  readonly body: string;
  readonly bodyStart: number;
}

/** Reads the text of a migration; throws MIGRATION_FILE_INVALID with the place and the remedy. */
export function parseMigrationFile(version: Version, source: SourceText): MigrationFile {
  const fail = failureIn(source);
  if (source.text.trim() === "") fail(0, "The file is empty.");
  const directives = findDirectives(source.text);
  checkForms(directives, fail);
  const { up, down, irreversible, description } = byKeyword(directives);
  if (up === undefined) return fail(0, 'There is no line "-- migrate:up".');
  if (description !== undefined && description.index > up.index) {
    fail(description.index, '"-- migrate:description" belongs before "-- migrate:up".');
  }
  if (!isBlank(source.text.slice(0, directives[0]?.index))) {
    fail(0, 'Only comments may stand before "-- migrate:up".');
  }
  for (const directive of [description, irreversible]) {
    if (directive !== undefined && !isBlank(directive.body)) {
      fail(directive.index, `Only comments may follow "-- migrate:${directive.keyword}".`);
    }
  }
  if ((down === undefined) === (irreversible === undefined)) {
    const message = 'There must be one of "-- migrate:down" and "-- migrate:irreversible REASON".';
    fail((down ?? up).index, message);
  }
  return {
    version,
    source,
    description: description?.argument ?? version.name.replace(/^\d+_/, "").replaceAll("_", " "),
    up: partOf(up, fail),
    down: down === undefined ? { irreversible: irreversible?.argument ?? "" } : partOf(down, fail),
  };
}

const transactionOption = {
  accepts: /^(transaction:(true|false))?$/,
  otherwise: 'The only option of this directive is "transaction:false", without a space.',
};

/** What may follow each keyword on its line. */
const forms = {
  description: { accepts: /./, otherwise: '"-- migrate:description" needs a text behind it.' },
  up: transactionOption,
  down: transactionOption,
  irreversible: { accepts: /./, otherwise: '"-- migrate:irreversible" needs a reason behind it.' },
};

type Keyword = keyof typeof forms;

type Fail = (index: number, message: string) => never;

function failureIn(source: SourceText): Fail {
  return (index, message) => {
    throw new CliError("MIGRATION_FILE_INVALID", {
      message,
      location: locationAt(source, index),
      hint: "docs/migration-format.md describes the form of a migration.",
    });
  };
}

function findDirectives(text: string): Directive[] {
  const matches = [...text.matchAll(directiveLine)];
  return matches.map((match, place) => {
    const [line, keyword = "", argument = ""] = match;
    const bodyStart = match.index + line.length;
    const body = text.slice(bodyStart, matches[place + 1]?.index);
    return { keyword, argument: argument.trim(), index: match.index, body, bodyStart };
  });
}

function checkForms(directives: readonly Directive[], fail: Fail): void {
  const seen = new Set<string>();
  for (const { keyword, argument, index } of directives) {
    if (!Object.hasOwn(forms, keyword)) {
      const known = Object.keys(forms).map((each) => `"migrate:${each}"`);
      fail(index, `"-- migrate:${keyword}" is no directive. There are ${known.join(", ")}.`);
    }
    const form = forms[keyword as Keyword];
    if (!form.accepts.test(argument)) fail(index, form.otherwise);
    if (seen.has(keyword)) fail(index, `"-- migrate:${keyword}" stands here a second time.`);
    seen.add(keyword);
  }
}

function byKeyword(directives: readonly Directive[]): Partial<Record<Keyword, Directive>> {
  return Object.fromEntries(directives.map((directive) => [directive.keyword, directive]));
}

function partOf(
  { keyword, argument, index, body, bodyStart }: Directive,
  fail: Fail,
): MigrationPart {
  if (isBlank(body)) fail(index, `There is no statement after "-- migrate:${keyword}".`);
  return {
    sql: body.trim(),
    start: bodyStart + body.length - body.trimStart().length,
    transaction: argument !== "transaction:false",
  };
}

/** True when a text holds comments and white space only. */
function isBlank(text: string): boolean {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|--.*/g, "").trim() === "";
}
