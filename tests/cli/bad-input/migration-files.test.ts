import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { createDatabase, type TestDatabase } from "../../support/database.ts";
import { createProject, migration } from "../../support/project.ts";
import { refusedWithHint, takeMark, withoutChange, type Refusal } from "./refusals.ts";

const first = { "migrations/001_first.sql": migration("create table first (id integer)") };

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  const project = await createProject(first);
  const run = await runCli(["migrate", "--url", database.url, "--project", project]);
  expect(run).toMatchObject({ exitCode: 0 });
});

/** Runs migrate with these files beside the first migration, which is applied; nothing may change. */
async function migrateRefused(files: Record<string, string | Uint8Array>): Promise<Refusal> {
  const project = await createProject({ ...first, ...files });
  return withoutChange(database.sql, async () =>
    refusedWithHint("migrate", "--url", database.url, "--project", project),
  );
}

const up = "-- migrate:up\ncreate table second (id integer);\n";
const down = "-- migrate:down\ndrop table second;\n";

describe.concurrent("the form of a migration", () => {
  /** Each text has a mark where the error must point; tests/unit/migrations has the other ways to be wrong. */
  const cases: Record<string, { readonly text: string; readonly message: string }> = {
    "an empty file": { text: "¤", message: "The file is empty." },
    "no migrate:up": {
      text: "¤create table second (id integer);\n",
      message: 'There is no line "-- migrate:up".',
    },
    "an unknown directive": {
      text: `${up}¤-- migrate:dwon\ndrop table second;\n`,
      message: '"-- migrate:dwon" is not a directive.',
    },
    "a space in transaction:false": {
      text: `¤-- migrate:up transaction: false\nselect 1;\n${down}`,
      message: '"transaction: false" is not an option of "-- migrate:up".',
    },
    "a semicolon as the only statement": {
      text: `${up}-- migrate:down\n\n¤;\n`,
      message: "There is no statement here.",
    },
  };

  test.for(Object.entries(cases))("%s is refused at its place", async ([, { text, message }]) => {
    const place = takeMark(text);
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql": place.text });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_FILE_INVALID",
      message,
      location: { file: "migrations/002_second.sql", line: place.line, column: place.column },
    });
  });
});

describe.concurrent("statements that a migration must not contain", () => {
  const cases: Record<string, string> = {
    BEGIN: "¤begin;",
    COMMIT: "create table second (id integer);\n  ¤commit;",
    SAVEPOINT: "select '드라마 😀'; /* 한 /* 국 */ 어 */ ¤savepoint here;",
    "CREATE INDEX CONCURRENTLY":
      "create table second (id integer);\n\n-- Quickly.\n¤create index concurrently on second (id);",
    VACUUM: "¤vacuum first;",
    "REINDEX CONCURRENTLY": "¤reindex table concurrently first;",
    "DETACH PARTITION CONCURRENTLY": "¤alter table first detach partition second concurrently;",
    "ALTER SYSTEM": "¤alter system set work_mem = '5MB';",
    "COPY FROM STDIN without rows": "select 1;\n¤copy first from stdin;",
    "COPY FROM STDIN with rows": "select 1;\n¤copy first from stdin;\n1\n2\n\\.\n",
  };

  test.for(Object.entries(cases))("%s is refused at its place", async ([, statement]) => {
    const place = takeMark(`-- migrate:up\n${statement}\n${down}`);
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql": place.text });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_STATEMENT_FORBIDDEN",
      location: { file: "migrations/002_second.sql", line: place.line, column: place.column },
    });
  });

  test("what stands in the way back is checked before anything runs", async () => {
    const text = `${up}-- migrate:down\ndrop index concurrently second;\n`;
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql": text });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_STATEMENT_FORBIDDEN",
      message: expect.stringContaining("DROP INDEX CONCURRENTLY") as string,
      hint: expect.stringContaining("transaction:false") as string,
      location: { line: 4, column: 1 },
    });
  });

  test("a transaction is refused also where the migration runs outside one", async () => {
    const text = `-- migrate:up transaction:false\nbegin;\nselect 1;\ncommit;\n${down}`;
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql": text });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_STATEMENT_FORBIDDEN",
      hint: expect.stringContaining("each statement commits by itself") as string,
      location: { line: 2, column: 1 },
    });
  });

  const commands = ["\\i other.sql", "\\copy first from 'rows.csv'"];

  test.for(commands)("the psql command %s is named as one", async (command) => {
    const text = `-- migrate:up\nselect 1;\n${command}\n${down}`;
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql": text });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_SYNTAX",
      message: "This is a command of psql, not SQL.",
      location: { line: 3, column: 1, text: command },
    });
  });
});

describe.concurrent("names of migrations", () => {
  const names = ["002 second.sql", "002_Second.sql"];

  test.for(names)("the name %s is refused", async (name) => {
    const { exitCode, error } = await migrateRefused({ [`migrations/${name}`]: `${up}${down}` });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_FILE_INVALID",
      message: `"migrations/${name}" is not the name of a migration.`,
    });
  });

  test.for(["002_other.sql", "2_other.sql"])(
    "002_second.sql and %s have the same number",
    async (name) => {
      const { exitCode, error } = await migrateRefused({
        "migrations/002_second.sql": `${up}${down}`,
        [`migrations/${name}`]: `${up}${down}`,
      });
      expect(exitCode).toBe(2);
      expect(error).toMatchObject({
        code: "MIGRATION_VERSION_DUPLICATE",
        message: "Two migrations have the number 2.",
        detail: expect.stringContaining(name) as string,
      });
    },
  );
});

describe.concurrent("files that are no text", () => {
  const invalid = Buffer.concat([
    Buffer.from(`${up}-- caf`),
    Buffer.from([0xe9]),
    Buffer.from("\n"),
  ]);
  const utf16 = Buffer.from(`\uFEFF${up}${down}`, "utf16le");
  const cases: Record<string, { bytes: Buffer; message: string; line: number }> = {
    "Latin-1": { bytes: invalid, message: "is not UTF-8", line: 3 },
    "UTF-16": { bytes: utf16, message: "is not UTF-8", line: 1 },
    "a NUL behind the first statement": {
      bytes: Buffer.from(`${up}\0drop table first;\n${down}`),
      message: "holds a NUL character",
      line: 3,
    },
  };

  test.for(Object.entries(cases))("%s is refused", async ([, { bytes, message, line }]) => {
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql": bytes });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_FILE_INVALID",
      message: expect.stringContaining(message) as string,
      detail: expect.stringContaining(`on line ${line}.`) as string,
    });
  });

  test("a folder with the name of a migration is refused", async () => {
    const { exitCode, error } = await migrateRefused({ "migrations/002_second.sql/readme": "" });
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_FILE_INVALID",
      message: 'Cannot read the file "migrations/002_second.sql".',
    });
  });
});

describe.concurrent("files of functions/ and views/", () => {
  /** Each text has a mark where the error must point. */
  const cases: Record<string, { path: string; text: string; code?: string; message: string }> = {
    "another name than the file's": {
      path: "functions/one.sql",
      text: "-- Two.\n¤create or replace function two() returns int language sql as $$ select 2 $$;",
      message: 'The file of the function "one" creates the function "two".',
    },
    "two functions": {
      path: "functions/one.sql",
      text: "create function one() returns int language sql as $$ select 1 $$;\n¤create function two() returns int language sql as $$ select 2 $$;",
      message: 'The file of the function "one" creates the function "two".',
    },
    "IF NOT EXISTS": {
      path: "views/one.sql",
      text: "¤create materialized view if not exists one as select 1 as a;",
      message: "With IF NOT EXISTS a changed file would change nothing.",
    },
    "a table in views/": {
      path: "views/one.sql",
      text: "create view one as select 1 as a;\n¤create table two (id integer);",
      message: "This statement does not belong into views/.",
    },
    "nothing but a comment": {
      path: "views/one.sql",
      text: "¤-- Later.\n",
      message: "The file creates no view.",
    },
    "a syntax error": {
      path: "views/one.sql",
      text: "create view one as\n  select '😀', ¤from first;",
      code: "MIGRATION_SYNTAX",
      message: 'Syntax error at or near "from".',
    },
    "a syntax error in the body of a function": {
      path: "functions/one.sql",
      text: "create function one() returns text language sql as $$\n  select '한국어'; ¤selec 1;\n$$;",
      code: "MIGRATION_SYNTAX",
      message: 'Syntax error at or near "selec".',
    },
  };

  test.for(Object.entries(cases))(
    "%s is refused at its place",
    async ([, { path, text, code = "DEFINITION_FILE_INVALID", message }]) => {
      const place = takeMark(text);
      const { exitCode, error } = await migrateRefused({ [path]: place.text });
      expect(exitCode).toBe(2);
      expect(error).toMatchObject({
        code,
        message,
        location: { file: path, line: place.line, column: place.column },
      });
    },
  );

  test("a body that only the server can read is refused by the server, at its place", async () => {
    const text =
      "create function one() returns int language plpgsql as $$\nbegin\n  return 'it;\nend $$;";
    const { exitCode, error } = await migrateRefused({ "functions/one.sql": text });
    expect(exitCode).toBe(4);
    expect(error).toMatchObject({
      code: "DEFINITION_FAILED",
      detail: expect.stringContaining("unterminated quoted string") as string,
    });
  });
});
