import { isBlank, skipBlank } from "../core/comments.ts";
import { missedDirective, readDirectives, type Directive, type Directives } from "./directives.ts";
import { invalidFile, type FileProblem } from "../core/invalid-file.ts";
import type { SourceText } from "../core/source-text.ts";
import type { Version } from "./version.ts";

/** The statements of one direction of a migration. */
export interface MigrationPart {
  readonly sql: string;
  /** Where `sql` begins in the file's text, in UTF-16 units. */
  readonly start: number;
  /** The text as its file has it, where `sql` has values in the place of placeholders. */
  readonly recorded?: string | undefined;
  /** Returns where a place of `sql` stands in `recorded`. */
  readonly originalIndex?: ((index: number) => number) | undefined;
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

type Fail = (problem: FileProblem) => never;

/** Reads the text of a migration; throws MIGRATION_FILE_INVALID with the place and the remedy. */
export function parseMigrationFile(version: Version, source: SourceText): MigrationFile {
  const fail: Fail = (problem) => {
    throw invalidFile("MIGRATION_FILE_INVALID", source, problem);
  };
  const { text } = source;
  if (text.trim() === "") fail(emptyFile);
  const directives = readDirectives(text, fail);
  const up = directives.get("up") ?? fail(missedDirective(text) ?? noUp);
  const down = wayBack(directives, fail) ?? fail(missedDirective(text) ?? noDown(up));
  refuseStatementsOutside(text, directives, fail);
  return {
    version,
    source,
    description: directives.get("description")?.argument ?? wordsOf(version),
    up: partOf(up, fail),
    down: down.keyword === "down" ? partOf(down, fail) : { irreversible: down.argument },
  };
}

function wordsOf({ name }: Version): string {
  return name.replace(/^\d+_/, "").replaceAll("_", " ");
}

const emptyFile: FileProblem = {
  index: 0,
  message: "The file is empty.",
  hint: 'Write the migration after a line "-- migrate:up", or delete the file if it is applied nowhere.',
};

const noUp: FileProblem = {
  index: 0,
  message: 'There is no line "-- migrate:up".',
  hint: 'Put it before the statements of the migration, and "-- migrate:down" before those that undo them.',
};

function noDown({ index }: Directive): FileProblem {
  return {
    index,
    message: 'There is neither "-- migrate:down" nor "-- migrate:irreversible".',
    hint: 'Write the statements that undo the migration after a line "-- migrate:down", or why there are none: "-- migrate:irreversible REASON".',
  };
}

/** Returns the directive that tells how to take the migration back; undefined when there is none. */
function wayBack(directives: Directives, fail: Fail): Directive | undefined {
  const down = directives.get("down");
  const irreversible = directives.get("irreversible");
  if (down === undefined || irreversible === undefined) return down ?? irreversible;
  return fail({
    index: Math.max(down.index, irreversible.index),
    message: 'There are both "-- migrate:down" and "-- migrate:irreversible".',
    hint: "Remove the one that does not hold.",
  });
}

/** Statements belong to "migrate:up" and "migrate:down", in this order. */
function refuseStatementsOutside(text: string, directives: Directives, fail: Fail): void {
  const [first, ...others] = directives.values();
  const begin = skipBlank(text);
  if (first !== undefined && begin < first.index) {
    fail({
      index: begin,
      message: 'Only comments may stand before "-- migrate:up".',
      hint: 'Move the statement below the line "-- migrate:up".',
    });
  }
  for (const directive of [first, ...others]) {
    if (directive !== undefined) refuseMisplaced(directive, directives, fail);
  }
}

function refuseMisplaced(
  { keyword, index, body, bodyStart }: Directive,
  directives: Directives,
  fail: Fail,
): void {
  const before = index < (directives.get("up")?.index ?? 0);
  if (keyword === "down" && before) {
    const message = '"-- migrate:down" belongs after "-- migrate:up" and its statements.';
    fail({ index, message, hint: "Move the line and its statements to the end of the file." });
  }
  if (keyword === "description" && !before) {
    const message = '"-- migrate:description" belongs before "-- migrate:up".';
    fail({ index, message, hint: "Move the line to the beginning of the file." });
  }
  if (keyword !== "up" && keyword !== "down" && !isBlank(body)) {
    fail({
      index: bodyStart + skipBlank(body),
      message: `Only comments may follow "-- migrate:${keyword}".`,
      hint: 'Statements belong below "-- migrate:up" or "-- migrate:down".',
    });
  }
}

function partOf(
  { keyword, argument, index, body, bodyStart }: Directive,
  fail: Fail,
): MigrationPart {
  if (isBlank(body)) {
    fail({
      index,
      message: `There is no statement after "-- migrate:${keyword}".`,
      hint:
        keyword === "up"
          ? "Write the statements of the migration below that line."
          : 'Write the statements that undo the migration below that line, or replace it by "-- migrate:irreversible REASON".',
    });
  }
  return {
    sql: body.trim(),
    start: bodyStart + body.length - body.trimStart().length,
    transaction: argument !== "transaction:false",
  };
}
