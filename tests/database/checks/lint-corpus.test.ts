import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { withSession } from "../../../src/db/session.ts";
import { lintMigration } from "../../../src/checks/lint/lint-migration.ts";
import { rules } from "../../../src/checks/lint/rules.ts";
import { createDatabase, type TestDatabase } from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";
import { migrationOf, readCorpus, setup, type Case } from "./corpus.ts";

const corpus = readCorpus();
let database: TestDatabase;
let version: number;

async function createTables(): Promise<TestDatabase> {
  const created = await createDatabase();
  await created.sql.unsafe(setup);
  return created;
}

beforeAll(async () => {
  await loadSqlParser();
  database = await createTables();
  const [row] = await database.sql<{ number: number }[]>`
    select current_setting('server_version_num')::int as number`;
  version = row?.number ?? 0;
});

async function rulesFound({ sql, transaction }: Case, { url }: TestDatabase): Promise<string[]> {
  const migration = migrationOf(sql, transaction);
  const found = await withSession(connectionOf(url), {}, async (session) =>
    lintMigration(session, migration, version),
  );
  return [...new Set(found.map(({ rule }) => rule))].toSorted();
}

/** Runs a migration, and takes it back where that can be done; returns the SQLSTATE where the server refuses it. */
async function outcomeOf(example: Case, { sql }: TestDatabase): Promise<string | undefined> {
  const undone = new Error("The transaction is rolled back.");
  const { statements } = migrationOf(example.sql, example.transaction);
  try {
    if (example.transaction) {
      await sql.begin(async (session) => {
        for (const { statement } of statements) await session.unsafe(statement);
        throw undone;
      });
    }
    for (const { statement } of statements) await sql.unsafe(statement);
  } catch (error) {
    return error === undone ? undefined : (error as { code?: string }).code;
  }
  return undefined;
}

/** A database that a migration may change for good, or the one for all others. */
async function databaseFor({ transaction, before }: Case): Promise<TestDatabase> {
  if (transaction && before === "") return database;
  const own = await createTables();
  await own.sql.unsafe(before);
  return own;
}

describe.each([...new Set(corpus.map(({ family }) => family))])("%s", (family) => {
  test.each(corpus.filter((each) => each.family === family))("$title: $sql", async (example) => {
    const isKnown = version >= example.since * 10_000;
    const finds = example.finds.toSorted();
    const own = await databaseFor(example);
    expect(isKnown ? await rulesFound(example, own) : finds).toEqual(finds);
    expect(isKnown ? await outcomeOf(example, own) : example.fails).toBe(example.fails);
  });
});

test("each rule has an unsafe migration, and each family safe ones", () => {
  const found = new Set(corpus.flatMap(({ finds }) => finds));
  expect(rules.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
  expect(corpus.length).toBeGreaterThanOrEqual(120);
});
