import { describe, expect, test } from "vitest";
import { errorOf, migrationOf, takeMark } from "./source.ts";

const up = "-- migrate:up\ncreate table second (id integer);\n";
const down = "-- migrate:down\ndrop table second;\n";

describe("a migration", () => {
  test("has the statements between its directives, and their places", () => {
    const text = `-- migrate:description Add a table\n\n${up}\n${down}`;
    const file = migrationOf("002_second", text);
    expect(file).toMatchObject({
      description: "Add a table",
      up: { sql: "create table second (id integer);", transaction: true },
      down: { sql: "drop table second;", transaction: true },
    });
    expect(text.slice(file.up.start)).toMatch(/^create table/);
  });

  test("without a description is described by its name", () => {
    expect(migrationOf("002_add_more_ratings", up + down).description).toBe("add more ratings");
  });

  test("with transaction:false runs that part outside a transaction, and only that", () => {
    const text = `-- migrate:up transaction:false\nselect 1;\n${down}`;
    expect(migrationOf("002_second", text)).toMatchObject({
      up: { transaction: false },
      down: { transaction: true },
    });
  });

  test("may have a reason instead of a way back", () => {
    const text = `${up}-- migrate:irreversible  Rows cannot be invented.\n-- A comment.\n`;
    expect(migrationOf("002_second", text).down).toEqual({
      irreversible: "Rows cannot be invented.",
    });
  });

  test.for([
    ["a comment", "-- A note.\n"],
    ["a nested comment", "/* a /* b */ c */\n"],
    ["an empty line", "\n"],
  ])("may begin with %s", ([, header]) => {
    expect(migrationOf("002_second", `${header}${up}${down}`).up.sql).toMatch(/^create/);
  });

  test.for([
    ["indented in a string", "select '\n -- migrate:down\n';"],
    ["behind a statement", "select 1; -- migrate:down"],
    ["after another line separator than LF", "select '\u2028-- migrate:down';"],
  ])("keeps a line like a directive as text when it stands %s", ([, statement]) => {
    const text = `-- migrate:up\n${statement}\n${down}`;
    expect(migrationOf("002_second", text).up.sql).toBe(statement);
  });
});

describe("a migration is refused with", () => {
  /** Each text has a mark where the error must point. */
  const cases: Record<string, { readonly text: string; readonly message: string }> = {
    "white space only": { text: "¤\n \t\n", message: "The file is empty." },
    "comments only": { text: "¤-- Later.\n", message: 'There is no line "-- migrate:up".' },
    "migrate:up without the space": {
      text: `-- A comment.\n¤--migrate:up\nselect 1;\n${down}`,
      message: "This line is a comment, not a directive.",
    },
    "migrate:down in capitals": {
      text: `${up}¤-- Migrate:Down\ndrop table second;\n`,
      message: "This line is a comment, not a directive.",
    },
    "an indented migrate:down": {
      text: `${up}¤  -- migrate:down\ndrop table second;\n`,
      message: "This line is a comment, not a directive.",
    },
    "neither a way back nor a reason": {
      text: `¤${up}`,
      message: 'There is neither "-- migrate:down" nor "-- migrate:irreversible".',
    },
    "a way back and a reason": {
      text: `${up}${down}¤-- migrate:irreversible It cannot be.\n`,
      message: 'There are both "-- migrate:down" and "-- migrate:irreversible".',
    },
    "an unknown directive": {
      text: `¤-- migrate:UP\nselect 1;\n${down}`,
      message: '"-- migrate:UP" is not a directive.',
    },
    "a space behind the colon": {
      text: `¤-- migrate: up\nselect 1;\n${down}`,
      message: '"-- migrate:" is not a directive.',
    },
    "a directive of the name of a method": {
      text: `¤-- migrate:toString\n${up}${down}`,
      message: '"-- migrate:toString" is not a directive.',
    },
    "transaction:true": {
      text: `¤-- migrate:up transaction:true\nselect 1;\n${down}`,
      message: '"transaction:true" is not an option of "-- migrate:up".',
    },
    "a statement on the line of migrate:down": {
      text: `${up}¤-- migrate:down drop table second;\n`,
      message: '"drop table second;" is not an option of "-- migrate:down".',
    },
    "a directive twice": {
      text: `${up}¤${up}${down}`,
      message: '"-- migrate:up" stands here a second time.',
    },
    "a directive inside a string": {
      text: `-- migrate:up\nselect '\n¤-- migrate:up\n';\n${down}`,
      message: '"-- migrate:up" stands here a second time.',
    },
    "a statement before migrate:up": {
      text: `-- A comment.\n¤create table zero (id integer);\n${up}${down}`,
      message: 'Only comments may stand before "-- migrate:up".',
    },
    "migrate:down before migrate:up": {
      text: `¤${down}${up}`,
      message: '"-- migrate:down" belongs after "-- migrate:up" and its statements.',
    },
    "a description behind migrate:up": {
      text: `${up}¤-- migrate:description Second\n${down}`,
      message: '"-- migrate:description" belongs before "-- migrate:up".',
    },
    "a statement after the description": {
      text: `-- migrate:description Second\n¤select 1;\n${up}${down}`,
      message: 'Only comments may follow "-- migrate:description".',
    },
    "a description without text": {
      text: `¤-- migrate:description\n${up}${down}`,
      message: '"-- migrate:description" has no text after it.',
    },
    "a reason without text": {
      text: `${up}¤-- migrate:irreversible \n`,
      message: '"-- migrate:irreversible" has no text after it.',
    },
    "a statement after the reason": {
      text: `${up}-- migrate:irreversible It cannot be.\n¤drop table second;\n`,
      message: 'Only comments may follow "-- migrate:irreversible".',
    },
    "no statement to apply": {
      text: `¤-- migrate:up\n/* later /* or */ never */\n${down}`,
      message: 'There is no statement after "-- migrate:up".',
    },
    "no statement to take back, as new writes it": {
      text: `${up}¤-- migrate:down\n\n`,
      message: 'There is no statement after "-- migrate:down".',
    },
  };

  test.for(Object.entries(cases))("%s", ([, { text, message }]) => {
    const place = takeMark(text);
    const error = errorOf(() => migrationOf("002_second", place.text));
    expect(error).toMatchObject({
      code: "MIGRATION_FILE_INVALID",
      message,
      hint: expect.stringMatching(/\w{3}/) as string,
      location: { file: "migrations/002_second.sql", line: place.line, column: place.column },
    });
  });
});
