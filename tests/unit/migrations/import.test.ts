import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { convertFolder, type Converted } from "../../../src/migrations/import/convert.ts";
import { flywayKey, wholeNumbers } from "../../../src/migrations/import/flyway-version.ts";
import { nameMigrations, versionsOf } from "../../../src/migrations/import/number-files.ts";
import type { ForeignMigration, ToolName } from "../../../src/migrations/import/tool.ts";
import { tools } from "../../../src/migrations/import/tools.ts";
import { createProject } from "../../support/project.ts";
import { sourceOf } from "../project/source.ts";

beforeAll(async () => loadSqlParser());

async function convert(
  tool: ToolName,
  files: Readonly<Record<string, string>>,
): Promise<Converted> {
  return convertFolder(tools[tool], await createProject(files), []);
}

/** The text of the one migration that is made of the files. */
async function textOf(tool: ToolName, files: Readonly<Record<string, string>>): Promise<string> {
  const { migrations } = await convert(tool, files);
  expect(migrations).toHaveLength(1);
  return migrations[0]?.source.text ?? "";
}

const noWayBack = (title: string): string =>
  `-- migrate:irreversible Imported from ${title}, which had no way back for it.\n`;

interface Example {
  readonly what: string;
  readonly tool: ToolName;
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
}

const examples: readonly Example[] = [
  {
    what: "an empty way back is none",
    tool: "dbmate",
    file: "20240101_a.sql",
    text: "-- migrate:up\nselect 1;\n-- migrate:down\n\n-- nothing\n",
    becomes: `-- migrate:up\nselect 1;\n\n${noWayBack("dbmate")}`,
  },
  {
    what: "blanks, comments before, options and Windows lines are read",
    tool: "dbmate",
    file: "20240101_a.sql",
    text: "-- Why.\r\n--  migrate:up   transaction:false\r\nvacuum;\r\n--migrate:down transaction:false\r\nvacuum;\r\n",
    becomes:
      "-- Why.\n-- migrate:up transaction:false\nvacuum;\n\n-- migrate:down transaction:false\nvacuum;\n",
  },
  {
    what: "a line in a body that would be a directive gets a space",
    tool: "dbmate",
    file: "20240101_a.sql",
    text: "-- migrate:up\ndo $$ begin\n-- migrate:note\nend $$;\n-- migrate:down\nselect 1;",
    becomes:
      "-- migrate:up\ndo $$ begin\n -- migrate:note\nend $$;\n\n-- migrate:down\nselect 1;\n",
  },
  {
    what: "annotations go, and a statement between two gets the semicolon that goose does without",
    tool: "goose",
    file: "00001_a.sql",
    text: "-- +goose Up\n-- +goose StatementBegin\nselect 1\n-- +goose StatementEnd\n-- +goose statementbegin\nselect 2;\n--+goose StatementEnd\n-- +goose ENVSUB OFF\n-- +goose Down\nselect 3;\n",
    becomes: "-- migrate:up\nselect 1\n;\nselect 2;\n\n-- migrate:down\nselect 3;\n",
  },
  {
    what: "a migration without a statement keeps its place",
    tool: "goose",
    file: "00001_a.sql",
    text: "-- +goose Up\n-- +goose Down\n",
    becomes: `-- migrate:up\nSELECT;\n\n${noWayBack("goose")}`,
  },
  {
    what: "a transaction around all of it goes, and what it holds runs in one of ours",
    tool: "goose",
    file: "00001_a.sql",
    text: "-- +goose NO TRANSACTION\n-- +goose Up\n/* one; */ START TRANSACTION ;\n-- two\nselect 1;\nEND; -- three\n",
    becomes: `-- migrate:up\n/* one; */ -- two\nselect 1;\n-- three\n\n${noWayBack("goose")}`,
  },
  {
    what: "a file without marks is the way up, and words that a label cannot hold become the description",
    tool: "node-pg-migrate",
    file: "1704100000000_사용자.sql",
    text: "select 1",
    becomes: `-- migrate:description 사용자\n-- migrate:up\nselect 1\n\n${noWayBack("node-pg-migrate")}`,
  },
  {
    what: "only a way back is marked",
    tool: "node-pg-migrate",
    file: "1704100000000_a.sql",
    text: "select 1;\n--Down migration\nselect 2;\n",
    becomes: "-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 2;\n",
  },
  {
    what: "the header goes, and its message is the label",
    tool: "graphile-migrate",
    file: "000001.sql",
    text: "--! Previous: -\n--! Hash: sha1:a\n--! Message: Add Users\n\n--! no-transaction\nvacuum;\n",
    becomes: `-- migrate:up transaction:false\nvacuum;\n\n${noWayBack("graphile-migrate")}`,
  },
  {
    what: "a setting of a script may keep ${…} as it is",
    tool: "flyway",
    file: "V1__a.sql",
    text: "select '${x}';",
    becomes: `-- migrate:up\nselect '\${x}';\n\n${noWayBack("Flyway")}`,
  },
];

test.for(examples)("$tool: $what", async ({ tool, file, text, becomes }) => {
  const settings = tool === "flyway" ? { [`${file}.conf`]: "placeholderReplacement=false" } : {};
  expect(await textOf(tool, { [file]: text, ...settings })).toBe(becomes);
});

test("the message of graphile-migrate names the file", async () => {
  const text = "--! Previous: -\n--! Hash: sha1:a\n--! Message: Add Users\n\nselect 1;\n";
  const { migrations } = await convert("graphile-migrate", { "000001.sql": text });
  expect(migrations.map(({ source }) => source.path)).toEqual(["migrations/000001_add_users.sql"]);
});

interface Refused {
  readonly what: string;
  readonly tool: ToolName;
  readonly files: Readonly<Record<string, string>>;
  readonly line?: number;
  readonly message: string;
}

const refused: readonly Refused[] = [
  {
    what: "no mark",
    tool: "dbmate",
    files: { "1_a.sql": "select 1;" },
    line: 1,
    message: '"-- migrate:up"',
  },
  {
    what: "the wrong order",
    tool: "dbmate",
    files: { "1_a.sql": "-- migrate:down\n-- migrate:up\n" },
    line: 1,
    message: "before this",
  },
  {
    what: "a statement before",
    tool: "dbmate",
    files: { "1_a.sql": "\nselect 1;\n-- migrate:up\n" },
    line: 2,
    message: "before the line",
  },
  {
    what: "an option of another kind",
    tool: "dbmate",
    files: { "1_a.sql": "-- migrate:up env:A\nselect 1;" },
    line: 1,
    message: '"env:A"',
  },
  {
    what: "a program",
    tool: "goose",
    files: { "1_a.go": "package main" },
    message: "is a program",
  },
  {
    what: "variables",
    tool: "goose",
    files: { "1_a.sql": "-- +goose Up\n-- +goose ENVSUB ON\nselect '$A';" },
    line: 2,
    message: "variables",
  },
  {
    what: "an unknown annotation",
    tool: "goose",
    files: { "1_a.sql": "-- +goose Up\n-- +goose Sideways\n" },
    line: 2,
    message: '"SIDEWAYS"',
  },
  {
    what: "a mark twice",
    tool: "goose",
    files: { "1_a.sql": "-- +goose Up\nselect 1;\n-- +goose Up\n" },
    line: 3,
    message: "second time",
  },
  {
    what: "a way back alone",
    tool: "golang-migrate",
    files: { "1_a.down.sql": "select 1;" },
    message: "no file does",
  },
  {
    what: "another language",
    tool: "golang-migrate",
    files: { "1_a.up.js": "" },
    message: "is a program",
  },
  {
    what: "a number twice",
    tool: "golang-migrate",
    files: { "1_a.up.sql": "", "01_b.up.sql": "" },
    message: "same number",
  },
  {
    what: "a transaction in the middle",
    tool: "golang-migrate",
    files: { "1_a.up.sql": "begin;\nselect 1;\ncommit;\nselect 2;" },
    line: 1,
    message: "control the transaction",
  },
  {
    what: "a transaction of another kind",
    tool: "golang-migrate",
    files: { "1_a.up.sql": "begin isolation level serializable;\nselect 1;\ncommit;" },
    line: 1,
    message: "control the transaction",
  },
  {
    what: "no SQL",
    tool: "golang-migrate",
    files: { "1_a.up.sql": "select 1;\nselekt 2;" },
    line: 2,
    message: "yntax error",
  },
  {
    what: "a version written twice",
    tool: "flyway",
    files: { "V1__a.sql": "select 1;", "V1.0__b.sql": "select 2;" },
    message: "same number",
  },
  {
    what: "a script with two objects",
    tool: "flyway",
    files: {
      "R__a.sql": "create or replace view a as select 1;\ncreate or replace view b as select 1;",
    },
    line: 2,
    message: '"b"',
  },
  {
    what: "an object in two scripts",
    tool: "flyway",
    files: {
      "R__a.sql": "create or replace view a as select 1;",
      "R__b.sql": "create or replace view a as select 2;",
    },
    message: "same object",
  },
  {
    what: "a program",
    tool: "node-pg-migrate",
    files: { "1_a.js": "exports.up = () => {}" },
    message: "is a program",
  },
  {
    what: "what never runs",
    tool: "node-pg-migrate",
    files: { "1_a.sql": "select 1;\n-- Up Migration\nselect 2;" },
    line: 1,
    message: "never runs",
  },
  {
    what: "what is not committed",
    tool: "graphile-migrate",
    files: { "1.sql": "select 1;" },
    line: 1,
    message: "--! Hash:",
  },
  {
    what: "a name that is filled in",
    tool: "graphile-migrate",
    files: {
      "1.sql": "--! Previous: -\n--! Hash: a\n\ngrant connect on database :DATABASE_NAME to x;",
    },
    line: 4,
    message: ":DATABASE_NAME",
  },
];

describe("is refused at its place:", () => {
  test.for(refused)("$tool, $what", async ({ tool, files, line, message }) => {
    await expect(convert(tool, files)).rejects.toMatchObject({
      code: "IMPORT_FILES_UNUSABLE",
      message: expect.stringContaining(message) as string,
      hint: expect.stringMatching(/\w{3}/) as string,
      ...(line !== undefined && { location: { line } }),
    });
  });
});

test("names that the tool takes for no migration are left out and told of", async () => {
  const { ignored } = await convert("goose", {
    "1_a.sql": "-- +goose Up\nselect 1;",
    "1_a_test.go": "",
    "notes.sql": "",
    "README.md": "",
  });
  expect(ignored).toEqual(["notes.sql"]);
});

test("the history of Flyway is read to its end: undone and deleted scripts are not applied", async () => {
  const { migrations } = await convert("flyway", {
    "V1__a.sql": "select 1;",
    "V2__b.sql": "select 2;",
    "V3__c.sql": "select 3;",
    "V4__d.sql": "select 4;",
    "V5__e.sql": "select 5;",
  });
  const rows = [
    ["2", "SQL_BASELINE"],
    ["3", "SQL"],
    ["4", "SQL"],
    ["5", "SQL"],
    [null, "SQL"],
    ["4", "UNDO_SQL"],
    ["4", "SQL"],
    ["5", "DELETE"],
  ].map(([version = null, type = null]) => ({
    version,
    type,
    success: true,
    installed_on: "2024-01-01 10:00:00+00",
    checksum: null,
  }));
  const foreign = migrations.map((migration) => migration.foreign);
  const applied = tools.flyway.history.applied(rows, foreign).map(({ key }) => key);
  expect(applied.toSorted()).toEqual(["1", "2", "3", "4"]);
});

describe("a version of Flyway", () => {
  test.for([
    { versions: ["1", "2", "010"], numbers: ["1", "2", "010"] },
    { versions: ["1", "1.2", "10.0.1"], numbers: ["01000000", "01002000", "10000001"] },
    { versions: ["1_2", "1.2.3.4"], numbers: ["1002000000", "1002003004"] },
    { versions: ["1.20240101120000", "2"], numbers: ["120240101120000000", "200000000000000000"] },
    { versions: [], numbers: [] },
  ])("$versions become $numbers", ({ versions, numbers }) => {
    expect(wholeNumbers(versions)).toEqual(numbers);
  });

  test("has one key for all its spellings", () => {
    expect(["1", "01", "1.0", "1_0.0"].map(flywayKey)).toEqual(["1", "1", "1", "1"]);
    expect([flywayKey("0"), flywayKey("1.02.0")]).toEqual(["0", "1.2"]);
  });
});

function named(digits: readonly string[], existing: readonly string[] = []): string[] {
  const part = { source: sourceOf("a", ""), sql: "", start: 0, transaction: true };
  const migrations = digits.map((each): ForeignMigration => ({
    key: each,
    digits: each,
    words: "a",
    head: "",
    up: part,
    down: undefined,
  }));
  return nameMigrations(migrations, versionsOf(existing));
}

describe("the digits of a number", () => {
  test.for([
    {
      digits: ["1", "2", "10", "3"],
      existing: [],
      names: ["00000001_a", "00000002_a", "00000010_a", "00000003_a"],
    },
    { digits: ["1", "2"], existing: [], names: ["001_a", "002_a"] },
    { digits: ["000001", "000002"], existing: [], names: ["000001_a", "000002_a"] },
    { digits: ["5", "20240101120000"], existing: [], names: ["00000005_a", "20240101120000_a"] },
    { digits: ["2", "3"], existing: ["01_a.sql", "02_a.sql"], names: ["02_a", "003_a"] },
  ])("of $digits beside $existing: $names", ({ digits, existing, names }) => {
    expect(named(digits, existing)).toEqual(names);
  });
});
