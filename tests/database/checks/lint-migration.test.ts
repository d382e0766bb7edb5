import { beforeAll, expect, test } from "vitest";
import { lintMigration } from "../../../src/checks/lint/lint-migration.ts";
import type { Found } from "../../../src/checks/results.ts";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { sourceTextOf } from "../../../src/core/source-text.ts";
import { withSession } from "../../../src/db/session.ts";
import { checkMigrations } from "../../../src/project/check-migration.ts";
import { parseMigrationFile } from "../../../src/project/migration-file.ts";
import { parseFileName } from "../../../src/project/version.ts";
import { createDatabase, createRole, urlOf, type TestDatabase } from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";

let database: TestDatabase;

beforeAll(async () => {
  await loadSqlParser();
  database = await createDatabase();
  await database.sql.unsafe(`
    create table books (id bigint primary key, title text, pages integer);
    create schema "Großes Lager";
    create table "Großes Lager"."Bücher" (id bigint primary key, "Größe" integer);`);
});

async function lint(
  text: string,
  variables: Readonly<Record<string, string>> = {},
  url = database.url,
): Promise<Found[]> {
  const version = parseFileName("007_a.sql");
  if (version === undefined) throw new Error("That is no version.");
  const file = parseMigrationFile(version, sourceTextOf("migrations/007_a.sql", text));
  const [migration] = checkMigrations([file], variables);
  if (migration === undefined) throw new Error("There is no migration.");
  return withSession(connectionOf(url), {}, async (session) =>
    lintMigration(session, migration, 180_000),
  );
}

/** The rules and where they found something: "drop-column 3:1". */
async function places(text: string): Promise<string[]> {
  const found = await lint(text);
  return found.map(({ rule, location }) => `${rule} ${location?.line}:${location?.column}`);
}

const end = "\n-- migrate:irreversible It is a test.\n";

test("a finding says where it is, what it is about, and what to do", async () => {
  const text = `-- migrate:up\nselect 1; /* 😀 */ create index on books (title);${end}`;
  const [first, ...others] = await lint(text);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    rule: "index-not-concurrent",
    level: "error",
    object: "books",
    location: { file: "migrations/007_a.sql", line: 2, column: 19 },
  });
  expect(first?.message).toMatch(
    /^An index is built on "books"; meanwhile writes wait \(SHARE\)\./,
  );
  expect(first?.cure).toContain("CREATE INDEX CONCURRENTLY");
});

test("an odd name is written as SQL writes it, and found along the path that the file sets", async () => {
  const text = `-- migrate:up\nset local search_path = "Großes Lager";\nalter table "Bücher" drop column "Größe";${end}`;
  const [first] = await lint(text);
  expect(first?.message).toMatch(/^Column "Größe" of "Bücher" is dropped/);
  expect(first?.object).toBe('"Bücher"');
});

test("an ignore holds for the statement before which, in which, or beside which it stands", async () => {
  const before = "-- check:ignore drop-column nobody uses it\nalter table books drop column pages;";
  const inside =
    "alter table books\n  -- check:ignore drop-column nobody uses it\n  drop column pages;";
  const beside = "alter table books drop column pages; -- check:ignore drop-column nobody uses it";
  for (const sql of [before, inside, beside, `${beside}\nselect 1;`]) {
    expect(await places(`-- migrate:up\n${sql}${end}`), sql).toEqual([]);
  }
  const two = `${before}\nalter table books drop column title;`;
  expect(await places(`-- migrate:up\n${two}${end}`)).toEqual(["drop-column 4:1"]);
});

test("an ignore keeps back one rule, and says why", async () => {
  const sql = "alter table books drop column pages;";
  const other = `-- migrate:up\n-- check:ignore drop-table it goes\n${sql}${end}`;
  expect(await places(other)).toEqual(["drop-column 3:1", "unused-ignore 2:1"]);
  const silent = `-- migrate:up\n-- check:ignore drop-column\n${sql}${end}`;
  expect(await places(silent)).toEqual(["ignore-without-reason 2:1"]);
  const unknown = `-- migrate:up\n-- check:ignore drop-colum it goes\n${sql}${end}`;
  const found = await lint(unknown);
  expect(found.map(({ message }) => message)).toContain('There is no rule "drop-colum".');
});

test("an ignore that belongs to no statement of the up part keeps nothing back", async () => {
  const head = `-- check:ignore drop-column of the file\n-- migrate:up\nalter table books drop column pages;${end}`;
  expect(await places(head)).toEqual(["drop-column 3:1", "unused-ignore 1:1"]);
  const down = `-- migrate:up\nselect 1;\n-- migrate:down\n-- check:ignore drop-column of the way back\nalter table books drop column pages;\n`;
  expect(await places(down)).toEqual(["unused-ignore 4:1"]);
  const last = `-- migrate:up\nselect 1;\n\n-- check:ignore drop-column of nothing${end}`;
  expect(await places(last)).toEqual(["unused-ignore 4:1"]);
  const text = `-- migrate:up\nselect '\n-- check:ignore drop-column of a text\n';${end}`;
  expect(await places(text)).toEqual([]);
});

test("a password that comes from a variable is in no file", async () => {
  const filled = `-- migrate:up\ncreate role r password :'secret';${end}`;
  expect(await lint(filled, { secret: "a" })).toEqual([]);
  const written = `-- migrate:up\ncreate role r password 'a'; select :'secret';${end}`;
  expect((await lint(written, { secret: "a" })).map(({ rule }) => rule)).toEqual([
    "password-literal",
  ]);
});

test("a role that may do nothing can have a migration looked at", async () => {
  const role = await createRole();
  const url = new URL(urlOf({ user: role, password: "secret" }));
  url.pathname = `/${database.name}`;
  const text = `-- migrate:up\ncreate index on books (title);${end}`;
  expect((await lint(text, {}, url.href)).map(({ rule }) => rule)).toEqual([
    "index-not-concurrent",
  ]);
});

test("what it is said of depends on nothing but the database before the migration", async () => {
  const text = `-- migrate:up\nalter table books add column kept boolean;\nupdate books set kept = true;${end}`;
  const first = await lint(text);
  expect(first.length).toBeGreaterThan(0);
  expect(await lint(text)).toEqual(first);
});

test("thousands of statements take seconds", async () => {
  const rows = Array.from({ length: 5000 }, (_, n) => `insert into books (id) values (${n});`);
  const text = `-- migrate:up\nalter table books add column kept boolean;\n${rows.join("\n")}${end}`;
  expect(await lint(text)).toEqual([]);
}, 30_000);
