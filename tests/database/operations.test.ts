// The recipes of docs/operations.md: what they lock, while they read, build or write a table.
import { beforeAll, expect, test } from "vitest";
import { sourceTextOf } from "../../src/core/source-text.ts";
import { loadSqlParser } from "../../src/core/sql-parser.ts";
import { lintMigration } from "../../src/checks/lint/lint-migration.ts";
import { withSession } from "../../src/db/session.ts";
import { checkMigrations, type CheckedMigration } from "../../src/project/check-migration.ts";
import { parseMigrationFile } from "../../src/project/migration-file.ts";
import { parseFileName } from "../../src/project/version.ts";
import type { LockMode } from "../../src/statements/lock-modes.ts";
import { textOf } from "../architecture/files.ts";
import {
  createDoramaflixDatabase,
  readServerVersion,
  type TestDatabase,
} from "../support/database.ts";
import { effectsAround, effectsOfEach, locksWhileBlocked } from "../support/real-locks.ts";
import { connectionOf } from "../support/server.ts";

let database: TestDatabase;

beforeAll(async () => {
  await loadSqlParser();
  database = await createDoramaflixDatabase();
});

/** Others read and write a table under these locks. */
const harmless: ReadonlySet<LockMode> = new Set<LockMode>([
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
]);

/** A lock that stops others, and the table that was gone through meanwhile. */
type Harm = readonly [statement: string, table: string, mode: LockMode | undefined];

/** Returns the migrations that the page writes, in their order. */
function recipes(): CheckedMigration[] {
  const files = textOf("docs/operations.md").matchAll(
    /^cat > migrations\/(\S+) <<'SQL'\n([^]*?)^SQL$/gm,
  );
  return checkMigrations(
    Array.from(files, ([, name = "", text = ""]) => {
      const version = parseFileName(name);
      if (version === undefined) throw new Error(`"${name}" is no name of a migration.`);
      return parseMigrationFile(version, sourceTextOf(`migrations/${name}`, text));
    }),
  );
}

async function runInTransaction(statements: readonly string[]): Promise<Harm[]> {
  const effects = await effectsOfEach(database.sql, statements, "commit");
  return effects.flatMap(({ locks, scanned, rewritten, built }, place) =>
    [...scanned, ...rewritten, ...Object.keys(built)]
      .filter((table) => !harmless.has(locks[table] ?? "ACCESS EXCLUSIVE"))
      .map((table): Harm => [statements[place] ?? "", table, locks[table]]),
  );
}

/** Each of these builds an index; it is stopped by another session while its locks are looked at. */
async function runByThemselves(statements: readonly string[]): Promise<Harm[]> {
  const harms: Harm[] = [];
  for (const statement of statements) {
    const table = / ON (\w+) /.exec(statement)?.[1] ?? "";
    const holder = `lock table ${table} in share update exclusive mode`;
    let locks: Readonly<Record<string, LockMode>> = {};
    const { built } = await effectsAround(database.sql, async () => {
      locks = await locksWhileBlocked(database, statement, holder);
    });
    expect(built).toEqual({ [table]: 1 });
    if (!harmless.has(locks[table] ?? "ACCESS EXCLUSIVE"))
      harms.push([statement, table, locks[table]]);
  }
  return harms;
}

test("no recipe reads, builds or writes a table under a lock that stops readers or writers", async () => {
  const serverVersion = await readServerVersion();
  const harms: Harm[] = [];
  const findings: unknown[] = [];
  const migrations = recipes();
  expect(migrations).toHaveLength(11);
  for (const migration of migrations) {
    const { up, statements } = migration;
    const found = await withSession(connectionOf(database.url), {}, async (session) =>
      lintMigration(session, migration, serverVersion),
    );
    findings.push(...found);
    const texts = statements.map(({ statement }) => statement);
    harms.push(...(await (up.transaction ? runInTransaction : runByThemselves)(texts)));
  }
  expect(harms).toEqual([]);
  expect(findings).toEqual([]);
});

test("what the recipes avoid would be seen", async () => {
  const unsafe = [
    "alter table user_reviews alter column review set not null",
    "alter table user_reviews alter column review type varchar(50)",
    "alter table user_reviews add foreign key (course_id) references categories",
    "alter table user_reviews add unique (rating, id)",
  ];
  for (const statement of unsafe)
    expect(await runInTransaction([statement]), statement).not.toEqual([]);
});
