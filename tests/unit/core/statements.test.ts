import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { splitStatements, statementsIn } from "../../../src/core/statements.ts";
import { errorOf, sourceOf, takeMark } from "../project/source.ts";

beforeAll(loadSqlParser);

describe("statements are split", () => {
  const cases: Record<string, { readonly sql: string; readonly texts: readonly string[] }> = {
    "at semicolons": { sql: "select 1; select 2;", texts: ["select 1", "select 2"] },
    "without a last semicolon": { sql: "select 1;\nselect 2", texts: ["select 1", "select 2"] },
    "without empty ones": { sql: ";; select 1;;\n;", texts: ["select 1"] },
    "not in strings": {
      sql: "select ';'; select 'it''s;'",
      texts: ["select ';'", "select 'it''s;'"],
    },
    "not in escaped strings": {
      sql: "select E'\\';'; select 2",
      texts: ["select E'\\';'", "select 2"],
    },
    "not in quoted names": {
      sql: 'select 1 as "a;b"; select 2',
      texts: ['select 1 as "a;b"', "select 2"],
    },
    "not between dollars": {
      sql: "do $body$ begin perform $$;$$; end $body$; select 2",
      texts: ["do $body$ begin perform $$;$$; end $body$", "select 2"],
    },
    "not in a body of BEGIN ATOMIC": {
      sql: "create function f() returns int begin atomic select 1; select case when true then 2 end; end; select 2",
      texts: [
        "create function f() returns int begin atomic select 1; select case when true then 2 end; end",
        "select 2",
      ],
    },
    "not in rules": {
      sql: "create rule r as on insert to t do also (select 1; select 2); select 3",
      texts: ["create rule r as on insert to t do also (select 1; select 2)", "select 3"],
    },
    "without the comments before them": {
      sql: "-- a;\n/* b; /* c; */ d; */ select 1; -- e;\n-- f\nselect 2",
      texts: ["select 1", "select 2"],
    },
    "with the comments inside them": {
      sql: "select /* ; */ 1 -- ;\n + 2; select 3",
      texts: ["select /* ; */ 1 -- ;\n + 2", "select 3"],
    },
    "after characters of several bytes": {
      sql: "select '😀'; /* 한국어 */ select '드라마👍🏽'; select 'é'",
      texts: ["select '😀'", "select '드라마👍🏽'", "select 'é'"],
    },
    "into none where there are only comments": { sql: "-- a\n/* b */", texts: [] },
  };

  test.for(Object.entries(cases))("%s", ([, { sql, texts }]) => {
    const statements = splitStatements(sql);
    expect(statements.map(({ text }) => text)).toEqual(texts);
    for (const { text, index } of statements) expect(sql.slice(index)).toContain(text);
    expect(statements.map(({ text, index }) => sql.startsWith(text, index))).toEqual(
      texts.map(() => true),
    );
  });

  test("in a time that grows with their number and not with its square", () => {
    const sql = "select '드라마';\n".repeat(20_000);
    const began = performance.now();
    expect(splitStatements(sql)).toHaveLength(20_000);
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});

describe("SQL that cannot be read is refused at its place:", () => {
  const cases: Record<string, { sql: string; message: string; code?: string }> = {
    "a misspelt word": { sql: "select 1;\n¤selec 2;", message: 'Syntax error at or near "selec".' },
    "after characters of several bytes": {
      sql: "select '😀한국어'; ¤selec 2;",
      message: 'Syntax error at or near "selec".',
    },
    "an unfinished statement": { sql: "select 1 from¤", message: "Syntax error at end of input." },
    "a string without end": {
      sql: "select ¤'it;\nselect 2;",
      message: 'Unterminated quoted string at or near "\'it;…".',
    },
    "a comment without end": {
      sql: "select 1; ¤/* it /* is */",
      message: 'Unterminated /* comment at or near "/* it /* is */".',
    },
    "a command of psql": {
      sql: "select 1;\n¤\\i a.sql",
      message: "This is a command of psql, not SQL.",
    },
    "a command of psql behind a statement": {
      sql: "select 1 ¤\\gset\nselect 2;",
      message: "This is a command of psql, not SQL.",
    },
    "the rows of a COPY": {
      sql: "select 1;\n¤copy t from stdin;\n1\t😀\n\\.\n",
      message: "COPY from STDIN or to STDOUT has no client here to read from or to write to.",
      code: "MIGRATION_STATEMENT_FORBIDDEN",
    },
    "the rows of a COPY with options": {
      sql: "¤COPY public.t (a, b) FROM STDIN WITH (FORMAT csv);\nit's,b\n\\.\n",
      message: "COPY from STDIN or to STDOUT has no client here to read from or to write to.",
      code: "MIGRATION_STATEMENT_FORBIDDEN",
    },
    "a mistake after a COPY that reads no rows": {
      sql: "copy t from '/tmp/stdin';\n¤selec 1;",
      message: 'Syntax error at or near "selec".',
    },
  };

  test.for(Object.entries(cases))("%s", ([, { sql, message, code = "MIGRATION_SYNTAX" }]) => {
    const head = "-- 머리 😀\n";
    const { text, line, column } = takeMark(`${head}${sql}`);
    const source = sourceOf("a.sql", text);
    const error = errorOf(() => statementsIn(source, text.slice(head.length), head.length));
    expect(error).toMatchObject({ code, message, location: { line, column } });
  });
});
