import type { FileProblem } from "../core/invalid-file.ts";

export type Keyword = "description" | "up" | "down" | "irreversible";

/** A line of a migration that begins with "-- migrate:", and the text from there to the next one. */
export interface Directive {
  readonly keyword: Keyword;
  readonly argument: string;
  /** Where its line begins, in UTF-16 units. */
  readonly index: number;
  readonly body: string;
  readonly bodyStart: number;
}

/** The directives of a file in the order in which they stand there; each stands there once. */
export type Directives = ReadonlyMap<Keyword, Directive>;

/** The parts of a directive are the keyword and the rest. Only a line feed ends a line, as in SQL. */
const directiveLine = /(?<![^\n])-- migrate:(\S*)[ \t]*([^\n]*)/g;

/** A line that is a directive or was most likely meant to be one; as SQL it is a comment. */
const likeDirective = /(?<![^\n])[ \t]*--[ \t]*migrate[ \t]*:[ \t]*(?:up|down|irreversible)\b/gi;

const asText = "To have such a line as text, put a space before it.";

/** Finds the directives of a text; calls `fail` for one that is unknown, malformed, or there twice. */
export function readDirectives(text: string, fail: (problem: FileProblem) => never): Directives {
  const directives = new Map<Keyword, Directive>();
  for (const directive of findDirectives(text, fail)) {
    const { keyword, index } = directive;
    if (directives.has(keyword)) {
      const message = `"-- migrate:${keyword}" stands here a second time.`;
      fail({ index, message, hint: `Remove one of them. ${asText}` });
    }
    directives.set(keyword, directive);
  }
  return directives;
}

function findDirectives(text: string, fail: (problem: FileProblem) => never): Directive[] {
  const matches = [...text.matchAll(directiveLine)];
  return matches.map((match, place) => {
    const { 0: line, 1: word = "", 2: rest = "", index } = match;
    const argument = rest.trim();
    const bodyStart = index + line.length;
    const body = text.slice(bodyStart, matches[place + 1]?.index);
    const keyword = isKeyword(word) ? word : fail(unknownKeyword(word, index));
    if (!forms[keyword].accepts.test(argument)) {
      fail({ index, ...forms[keyword].otherwise(keyword, argument) });
    }
    return { keyword, argument, index, body, bodyStart };
  });
}

function isKeyword(word: string): word is Keyword {
  return Object.hasOwn(forms, word);
}

function unknownKeyword(word: string, index: number): FileProblem {
  const known = Object.keys(forms).map((each) => `"-- migrate:${each}"`);
  const list = `${known.slice(0, -1).join(", ")} and ${known.at(-1)}`;
  return {
    index,
    message: `"-- migrate:${word}" is not a directive.`,
    hint: `There are ${list}, written without another space. ${asText}`,
  };
}

type Explanation = (keyword: Keyword, argument: string) => Omit<FileProblem, "index">;

interface Form {
  readonly accepts: RegExp;
  readonly otherwise: Explanation;
}

const withTransaction: Form = {
  accepts: /^(transaction:false)?$/,
  otherwise: (keyword, argument) => ({
    message: `"${argument}" is not an option of "-- migrate:${keyword}".`,
    hint: 'The only option is "transaction:false", without a space in it; statements begin on the next line.',
  }),
};

const withText: Form = {
  accepts: /./,
  otherwise: (keyword) => ({
    message: `"-- migrate:${keyword}" has no text after it.`,
    hint:
      keyword === "description"
        ? "Say on the same line what the migration does, or remove the line."
        : "Say on the same line why the migration cannot be taken back.",
  }),
};

/** What may follow each keyword on its line. */
const forms: Readonly<Record<Keyword, Form>> = {
  description: withText,
  up: withTransaction,
  down: withTransaction,
  irreversible: withText,
};

/** Returns a problem for a line that was most likely meant to be a directive and is none; undefined without one. */
export function missedDirective(text: string): FileProblem | undefined {
  for (const { 0: line, index } of text.matchAll(likeDirective)) {
    if (!line.startsWith("-- migrate:")) return { index, ...missed };
  }
  return undefined;
}

const missed = {
  message: "This line is a comment, not a directive.",
  hint: 'A directive begins its line with "-- migrate:", in lower case and with exactly that space: "-- migrate:up".',
};
