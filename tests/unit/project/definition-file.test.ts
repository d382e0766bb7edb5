import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { parseDefinitionFile } from "../../../src/project/definition-file.ts";
import type { DefinitionFile } from "../../../src/project/definition-file.ts";
import { orderDefinitions } from "../../../src/project/definition-order.ts";
import { errorOf, sourceOf, takeMark } from "./source.ts";

beforeAll(loadSqlParser);

function definition(path: string, text: string): DefinitionFile {
  const kind = path.startsWith("functions/") ? "function" : "view";
  return parseDefinitionFile(sourceOf(path, text), kind);
}

describe("a definition", () => {
  test.for([
    [
      "functions/one.sql",
      "create or replace function one() returns int language sql as $$ select 1 $$",
      '"one"',
    ],
    [
      "functions/one.sql",
      "create procedure app.one() language sql begin atomic select 1; end",
      '"app"."one"',
    ],
    ["functions/one.sql", "create aggregate one(int) (sfunc = int4pl, stype = int)", '"one"'],
    ["views/one.sql", "create or replace view one as select 1 as a", '"one"'],
    ["views/One.sql", 'create materialized view "One" as select 1 as a', '"One"'],
  ] as const)("of %s is named as its statement names it: %s", ([path, text, name]) => {
    expect(definition(path, text).name).toBe(name);
  });

  test("of a function may have several overloads", () => {
    const text =
      "create function one(a int) returns int language sql as 'select 1';\n" +
      "create function one(a text) returns int language sql as 'select 2';\ncomment on function one(int) is 'One';";
    expect(definition("functions/one.sql", text).name).toBe('"one"');
  });

  test("of a view may have indexes, rights and comments", () => {
    const text =
      "create materialized view one as select 1 as a;\ncreate unique index on one (a);\n" +
      "grant select on one to public;\ncomment on materialized view one is 'One';\nalter table one set (fillfactor = 90);";
    expect(definition("views/one.sql", text).name).toBe('"one"');
  });

  test("needs what PostgreSQL looks up when it is created, and refers to what a body names", () => {
    const file = definition(
      "functions/one.sql",
      "create function one(a things) returns setof results language plpgsql as $$ begin return query select * from rows; end $$",
    );
    expect(file.needs).toEqual(expect.arrayContaining(["things", "results"]));
    expect(file.needs).not.toContain("rows");
    // The scanner takes ROWS for a keyword that may be a name.
    expect(file.refersTo).toEqual(expect.arrayContaining(["rows"]));
  });

  test("needs what the body of an SQL function names", () => {
    const text = "create function one() returns int language sql as $$ select two(a) from three $$";
    expect(definition("functions/one.sql", text).needs).toEqual(
      expect.arrayContaining(["two", "three"]),
    );
  });

  test.for([
    ["plpgsql", "begin return 'it; end"],
    ["plpython3u", "return 'it\\'s'"],
  ])("in %s may have a body that does not read like SQL", ([language, body]) => {
    const text = `create function one() returns text language ${language} as $body$ ${body} $body$`;
    expect(definition("functions/one.sql", text).refersTo).toEqual([]);
  });

  test("may have an SQL body between quotes, whose mistakes the server shows", () => {
    const text = "create function one() returns text language sql as ' selec ''it'' '";
    expect(definition("functions/one.sql", text).name).toBe('"one"');
  });
});

describe("a definition is refused with", () => {
  const one = "create function one() returns int language sql as $$ select 1 $$";

  /** Each text has a mark where the error must point. */
  const cases: Record<string, { path: string; text: string; message: string; code?: string }> = {
    "another name than the file's": {
      path: "functions/two.sql",
      text: `-- Two.\n¤${one};`,
      message: 'The file of the function "two" creates the function "one".',
    },
    "a name in other letters": {
      path: "views/One.sql",
      text: "¤create view One as select 1 as a;",
      message: 'The file of the view "One" creates the view "one".',
    },
    "two objects": {
      path: "functions/one.sql",
      text: `${one};\n¤${one.replace("one", "two")};`,
      message: 'The file of the function "one" creates the function "two".',
    },
    "no object": {
      path: "views/one.sql",
      text: "¤-- Later.",
      message: "The file creates no view.",
    },
    "companions only": {
      path: "views/one.sql",
      text: "¤comment on view one is 'One';",
      message: "The file creates no view.",
    },
    "IF NOT EXISTS": {
      path: "views/one.sql",
      text: "¤create materialized view if not exists one as select 1 as a;",
      message: "With IF NOT EXISTS a changed file would change nothing.",
    },
    "CREATE TABLE AS": {
      path: "views/one.sql",
      text: "¤create table one as select 1 as a;",
      message: "This statement does not belong into views/.",
    },
    "a view in functions/": {
      path: "functions/one.sql",
      text: "¤create view one as select 1 as a;",
      message: "This statement does not belong into functions/.",
    },
    "a DROP before it": {
      path: "functions/one.sql",
      text: `¤drop function if exists one();\n${one};`,
      message: "This statement does not belong into functions/.",
    },
    "a mistake in a body of SQL": {
      path: "functions/one.sql",
      text: "create function one() returns int language sql as $$\n  select '😀'; ¤selec 1;\n$$;",
      message: 'Syntax error at or near "selec".',
      code: "MIGRATION_SYNTAX",
    },
  };

  test.for(Object.entries(cases))(
    "%s",
    ([, { path, text: marked, message, code = "DEFINITION_FILE_INVALID" }]) => {
      const { text, line, column } = takeMark(marked);
      const error = errorOf(() => definition(path, text));
      expect(error).toMatchObject({
        code,
        message,
        hint: expect.stringMatching(/\w{3}/) as string,
        location: { file: path, line, column },
      });
    },
  );
});

function view(name: string, ...needs: string[]): DefinitionFile {
  const others = needs.map((need) => `union select a from ${need}`).join(" ");
  return definition(`views/${name}.sql`, `create view ${name} as select 1 as a ${others}`);
}

function materialized(name: string, source: string): DefinitionFile {
  const text = `create materialized view ${name} as select a from ${source}`;
  return definition(`views/${name}.sql`, text);
}

function functionThatReads(name: string, source: string): DefinitionFile {
  const text = `create function ${name}() returns int language sql as 'select a from ${source}'`;
  return definition(`functions/${name}.sql`, text);
}

function order(...files: DefinitionFile[]): string[] {
  return orderDefinitions(files).map(({ source }) => source.path.replace(/^views\/|\.sql$/g, ""));
}

describe("definitions are ordered", () => {
  test("by path, functions before views", () => {
    const lastFunction = definition(
      "functions/z.sql",
      "create function z() returns int language sql as 'select 1'",
    );
    expect(order(view("b"), view("a"), lastFunction)).toEqual(["functions/z", "a", "b"]);
  });

  test("each after those that it needs, along a chain", () => {
    expect(order(view("a", "b"), view("b", "c"), view("c", "d"), view("d"))).toEqual([
      "d",
      "c",
      "b",
      "a",
    ]);
  });

  test("materialized views before plain views and before functions that need one of them", () => {
    const files = [
      view("a"),
      view("b"),
      materialized("m", "courses"),
      materialized("n", "b"),
      functionThatReads("f", "n"),
      functionThatReads("g", "courses"),
    ];
    expect(order(...files)).toEqual(["functions/g", "m", "b", "n", "functions/f", "a"]);
  });

  test("each once where several need it", () => {
    expect(order(view("a", "c"), view("b", "c"), view("c"))).toEqual(["c", "a", "b"]);
  });

  test("with what is in no file left out", () => {
    expect(order(view("a", "courses"), view("b"))).toEqual(["a", "b"]);
  });

  test("with itself in its own names, as in a recursive view", () => {
    expect(order(view("a", "a"))).toEqual(["a"]);
  });

  test("completely where names seem to go in a circle", () => {
    expect(order(view("a", "b"), view("b", "c"), view("c", "a")).toSorted()).toEqual([
      "a",
      "b",
      "c",
    ]);
  });
});
