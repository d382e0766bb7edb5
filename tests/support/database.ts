import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject, onTestFinished, TestRunner } from "vitest";
import { templates } from "./server.ts";

/** A database of its own for one test, and a session in it. */
export interface TestDatabase {
  readonly name: string;
  /** Address with the superuser's name and password. */
  readonly url: string;
  readonly sql: postgres.Sql;
}

const cleanups: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Creates an empty database; it goes when the test ends, or the file if no test has begun. */
export async function createDatabase(): Promise<TestDatabase> {
  return createDatabaseFrom("template1");
}

/** Creates a database with the engine in it and nothing else. */
export async function createDatabaseWithEngine(): Promise<TestDatabase> {
  return createDatabaseFrom(templates.engine);
}

/** Creates a database to which the migrations, functions and views of Doramaflix are applied; it has no data. */
export async function createDoramaflixDatabase(): Promise<TestDatabase> {
  return createDatabaseFrom(templates.doramaflix);
}

async function createDatabaseFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  // Without fsync, two checkpoints cost less than to log each page: 0.2 s instead of 0.6 s on a busy machine.
  await asSuperuser(`create database ${name} template ${template} strategy file_copy`);
  const url = urlOf({ database: name });
  atEnd(async () => withSuperuser(async (superuser) => dropDatabase(superuser, name)));
  return { name, url, sql: openSession(url) };
}

/**
 * Ends what was begun in a test with it, in the opposite order: two files of fifty tests would hold more sessions than a
 * server has. What was begun before the tests ends with the file, and so do tests that run at the same time: which of
 * them it was cannot be told.
 */
function atEnd(cleanup: () => Promise<void>): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined || test.concurrent === true) cleanups.push(cleanup);
  else onTestFinished(cleanup);
}

/** Its statements would stay in pg_stat_statements, where those of all tests together crowd out those of one. */
async function dropDatabase(sql: postgres.Sql, name: string): Promise<void> {
  const [database] = await sql`select oid from pg_database where datname = ${name}`;
  if (database === undefined) return;
  await sql.unsafe(`drop database if exists ${name} with (force)`);
  await sql.unsafe(`select pg_stat_statements_reset(0, ${database["oid"]}, 0)`);
}

/** Creates empty databases, whose names begin with `prefix` and are returned; they go when the test file ends. */
export async function createDatabases(
  count: number,
): Promise<{ readonly prefix: string; readonly names: readonly string[] }> {
  const prefix = `test_${randomBytes(6).toString("hex")}_`;
  const names = Array.from({ length: count }, (_, n) => prefix + String(n + 1).padStart(3, "0"));
  // Each needs a checkpoint, and those who ask at the same time share one.
  const each = async (
    run: (sql: postgres.Sql, name: string) => Promise<unknown>,
  ): Promise<void> => {
    const sql = postgres(inject("serverUrl"), { max: 8, onnotice: () => {}, fetch_types: false });
    await Promise.all(names.map(async (name) => run(sql, name)));
    await sql.end({ timeout: 1 });
  };
  cleanups.push(async () => each(dropDatabase));
  await each(async (sql, name) => sql.unsafe(`create database ${name} strategy file_copy`));
  return { prefix, names };
}

/** Creates a role that can log in with the password "secret"; it goes when the test file ends. */
export async function createRole(options = ""): Promise<string> {
  const name = `role_${randomBytes(6).toString("hex")}`;
  await asSuperuser(`create role ${name} login password 'secret' ${options}`);
  cleanups.push(async () => asSuperuser(`drop role if exists ${name}`));
  return name;
}

/** Opens a session that says nothing; it ends with the test, or the file if no test has begun. */
export function openSession(url: string): postgres.Sql {
  const sql = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false });
  atEnd(async () => sql.end({ timeout: 1 }));
  return sql;
}

/** Returns the test server's address with parts of it changed. */
export function urlOf(parts: {
  readonly database?: string;
  readonly user?: string;
  readonly password?: string;
  readonly port?: number;
}): string {
  const url = new URL(inject("serverUrl"));
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  if (parts.port !== undefined) url.port = String(parts.port);
  return url.href;
}

/** Runs one statement in the database that tests leave alone. */
async function asSuperuser(statement: string): Promise<void> {
  await withSuperuser(async (sql) => sql.unsafe(statement));
}

/** Version of the server that the tests use, as in its setting server_version_num. */
export async function readServerVersion(): Promise<number> {
  return withSuperuser(async (sql) => {
    const [row] = await sql<{ number: number }[]>`
      select current_setting('server_version_num')::int as number`;
    if (row === undefined) throw new Error("The server has no version.");
    return row.number;
  });
}

async function withSuperuser<Result>(run: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const sql = postgres(inject("serverUrl"), { max: 1, onnotice: () => {}, fetch_types: false });
  try {
    return await run(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
