import * as fc from "fast-check";
import { Client, type QueryArrayResult } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSqlParser, SyntaxProblem } from "../../../src/core/sql-parser.ts";
import { splitStatements } from "../../../src/core/statements.ts";
import { createDatabase } from "../../support/database.ts";

/**
 * The server splits a text that is sent to it in one message. What it answers is compared with the answers to the
 * statements that we make of the text, sent one by one.
 */
let client: Client;

beforeAll(async () => {
  await loadSqlParser();
  const { url } = await createDatabase();
  client = new Client({ connectionString: url });
  await client.connect();
});

afterAll(async () => client.end());

/** What ends or begins a string, a comment, a quote or a statement, and what is long in UTF-8 or UTF-16. */
const piece = fc.oneof(
  fc.constantFrom(";", "'", "''", '"', "$", "$$", "$a$", "--", "/*", "*/", "\\", "\\'", "\n", " "),
  fc.constantFrom("😀", "한", "é", "\u00A0", "begin atomic", "end", "case", "E", "U&"),
);

const words = fc.array(piece, { maxLength: 10 }).map((parts) => parts.join(""));

/** Tags whose text may hold any dollar quotes but their own. */
const tags = ["$$", "$a$", "$b$", "$Ünï$"];

const dollarQuoted = fc
  .tuple(fc.constantFrom(...tags), words)
  .filter(([tag, text]) => !`${text}$`.includes(tag))
  .map(([tag, text]) => `${tag}${text} ${tag}`);

/** Without what would end the quotes around it. */
function clean(text: string): string {
  return text.replaceAll("$", "");
}

const nested = fc.tuple(words, words).map(([outer, inner]) => {
  return `$out$${clean(outer)} $in$${clean(inner)}; $in$ ; $out$`;
});

const literal = fc.oneof(
  words.map((text) => `'${text.replaceAll("'", "''")}'`),
  words.map((text) => `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`),
  words.map((text) => `U&'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}\\0441'`),
  dollarQuoted,
  nested,
);

const comment: fc.Arbitrary<string> = fc.oneof(
  words.map((text) => `--${text.replaceAll("\n", "")}\n`),
  words.map((text) => {
    const inside = text.replaceAll(/[/*]/g, "");
    return `/*${inside}/* ; ${inside}*/ ' */`;
  }),
  fc.constantFrom(" ", "\n", "\t"),
);

const statement = fc.oneof(
  { weight: 4, arbitrary: literal.map((text) => `select ${text} as "a;b"`) },
  { weight: 2, arbitrary: fc.tuple(comment, literal).map(([gap, text]) => `select${gap} ${text}`) },
  {
    weight: 1,
    arbitrary: literal
      .map((text) => `do $do$ begin perform ${text}; end $do$`)
      .filter((text) => text.split("$do$").length === 3),
  },
  {
    weight: 1,
    arbitrary: literal.map(
      (text) =>
        `create or replace function pg_temp.f() returns text begin atomic select 1; select case when true then ${text} end; end`,
    ),
  },
);

const script = fc
  .tuple(
    fc.array(fc.tuple(comment, statement, comment), { minLength: 1, maxLength: 5 }),
    fc.constantFrom("", ";", ";;", "; -- ;"),
  )
  .map(
    ([parts, end]) => parts.map(([before, text, after]) => before + text + after).join(";") + end,
  );

/** What each statement of a text returns; undefined where the server cannot read the text. */
async function answers(text: string): Promise<unknown[] | undefined> {
  try {
    const result: unknown = await client.query({ text, rowMode: "array" });
    const several = (Array.isArray(result) ? result : [result]) as QueryArrayResult[];
    // A text without a statement is answered as well.
    return several
      .filter(({ command }) => Boolean(command))
      .map(({ command, rows, fields }) => [command, rows, fields.map(({ name }) => name)]);
  } catch (error) {
    if ((error as { code?: string }).code === "42601") return undefined;
    throw error;
  }
}

test("the server finds the same statements in a script as we do", async () => {
  await fc.assert(
    fc.asyncProperty(script, async (text) => {
      const own = [];
      for (const { text: each } of splitStatements(text))
        own.push(...((await answers(each)) ?? []));
      expect(own).toEqual(await answers(text));
    }),
    { numRuns: 200 },
  );
});

test("what the server cannot read we cannot read either, and the reverse", async () => {
  const broken = fc.tuple(script, words, script).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(broken, async (text) => {
      expect(countOf(text)).toEqual(await countRead(text));
    }),
    { numRuns: 200 },
  );
});

const anyNumber: unknown = expect.any(Number);

/**
 * How many statements the server reads in a text; any number where it refuses one only when it has read them all, such
 * as one with an operator of comment signs between two strings.
 */
async function countRead(text: string): Promise<unknown> {
  try {
    return (await answers(text))?.length;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("42") !== true) throw error;
    return anyNumber;
  }
}

function countOf(text: string): number | undefined {
  try {
    return splitStatements(text).length;
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}
