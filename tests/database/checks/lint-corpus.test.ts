import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { withSession } from "../../../src/db/session.ts";
import { lintMigration } from "../../../src/checks/lint/lint-migration.ts";
import { rules } from "../../../src/checks/lint/rules.ts";
import { createDatabase, readServerVersion, type TestDatabase } from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";
import { makeTables, migrationOf, readCorpus, type Case } from "./corpus.ts";

const corpus = readCorpus();
const found = new Map<Case, readonly string[]>();
let database: TestDatabase;
let version: number;

beforeAll(async () => {
  await loadSqlParser();
  database = await createDatabase();
  await makeTables(database.sql);
  version = await readServerVersion();
  await lintAll(corpus.filter(({ before }) => before === ""));
  // Two seconds, but not where all else runs as well.
}, 300_000);

/** Looks at migrations, of which none has been run. */
async function lintAll(cases: readonly Case[]): Promise<void> {
  await withSession(connectionOf(database.url), {}, async (session) => {
    for (const each of cases) {
      const migration = migrationOf(each.sql, each.transaction);
      const problems = await lintMigration(session, migration, version);
      found.set(each, [...new Set(problems.map(({ rule }) => rule))].toSorted());
    }
  });
}

/** Runs a migration, and takes it back; returns the SQLSTATE where the server refuses it. */
async function outcomeOf({ sql, transaction, before }: Case): Promise<string | undefined> {
  const undone = new Error("The transaction is rolled back.");
  const { statements } = migrationOf(sql, transaction);
  try {
    if (transaction) {
      await database.sql.begin(async (session) => {
        for (const { statement } of statements) await session.unsafe(statement);
        throw undone;
      });
    }
    for (const { statement } of statements) await database.sql.unsafe(statement);
  } catch (error) {
    return error === undone ? undefined : (error as { code?: string }).code;
  } finally {
    if (!transaction || before !== "") await makeTables(database.sql);
  }
  return undefined;
}

describe.each([...new Set(corpus.map(({ family }) => family))])("%s", (family) => {
  test.each(corpus.filter((each) => each.family === family))("$title: $sql", async (example) => {
    const isKnown = version >= example.since * 10_000 && version < (example.until + 1) * 10_000;
    const finds = example.finds.toSorted();
    if (example.before !== "") {
      await database.sql.unsafe(example.before);
      await lintAll([example]);
    }
    expect(isKnown ? found.get(example) : finds).toEqual(finds);
    expect(isKnown ? await outcomeOf(example) : example.fails).toBe(example.fails);
  });
});

test("each rule has an unsafe migration, and each family safe ones", () => {
  const used = new Set(corpus.flatMap(({ finds }) => finds));
  expect(rules.map(({ id }) => id).filter((id) => !used.has(id))).toEqual([]);
  expect(corpus.length).toBeGreaterThanOrEqual(120);
});
