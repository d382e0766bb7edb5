import { Client, DatabaseError } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabaseWithEngine } from "../support/database.ts";

let client: Client;

beforeAll(async () => {
  const { url } = await createDatabaseWithEngine();
  client = new Client({ connectionString: url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
});

/** Runs a call with parameters and returns its one value. */
async function value(text: string, parameters: readonly unknown[]): Promise<unknown> {
  const { rows } = await client.query<unknown[]>({
    text,
    values: [...parameters],
    rowMode: "array",
  });
  return rows[0]?.[0];
}

const apply = "select apply_migration($1, $2, $3, $4, $5)";
const first = ["001_first", "It's the first", "drop table first", "create table first (id int)"];

test("the documented calls take parameters and return booleans", async () => {
  expect(await value("select migration_applied($1)", ["001_first"])).toBe(false);
  expect(await value(apply, [...first, "sha256:a"])).toBe(true);
  expect(await value(apply, [...first, "sha256:a"])).toBe(false);
  expect(await value("select migration_applied($1)", ["001_first"])).toBe(true);
  expect(await value("select rollback_migration($1)", ["001_first"])).toBe(true);
  expect(await value("select migration_applied($1)", ["001_first"])).toBe(false);
});

test("they do the same as named prepared statements, again and again", async () => {
  for (let round = 0; round < 7; round += 1) {
    const applied = await client.query({ name: "apply", text: apply, values: [...first, null] });
    expect(applied.rows).toEqual([{ apply_migration: true }]);
    const rolledBack = await client.query({
      name: "roll back",
      text: "select rollback_migration($1)",
      values: ["001_first"],
    });
    expect(rolledBack.rows).toEqual([{ rollback_migration: true }]);
  }
});

test("get_migration_status returns dates, booleans and an interval", async () => {
  await value(apply, [...first, "sha256:a"]);
  await value("select apply_migration($1, $2)", ["002_second", "By hand"]);
  const { rows } = await client.query("select * from get_migration_status()");
  expect(rows).toMatchObject([
    {
      version: "001_first",
      description: "It's the first",
      applied_at: expect.any(Date) as Date,
      applied_by: client.user,
      checksum: "sha256:a",
      reversible: true,
    },
    { version: "002_second", duration: null, checksum: null, reversible: false },
  ]);
  expect(rows[0]).toHaveProperty("duration.milliseconds");
});

test("a call in a transaction of the client is taken back with it", async () => {
  await client.query("begin");
  expect(await value("select apply_migration($1)", ["003_third"])).toBe(true);
  await client.query("rollback");
  expect(await value("select migration_applied($1)", ["003_third"])).toBe(false);
});

test.each([
  ["DF001", apply, ["001_first", null, null, "select 1", "sha256:b"]],
  ["DF002", "select rollback_migration($1)", ["001_first"]],
  ["DF003", "select rollback_migration($1)", ["002_second"]],
  ["DF004", "select rollback_migration($1)", ["004_fourth"]],
  ["DF008", "delete from migration_events where version <> $1", [""]],
])("an error has the code %s, a sentence and a hint", async (code, call, parameters) => {
  const error: unknown = await value(call, parameters).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DatabaseError);
  expect(error).toMatchObject({
    code,
    severity: "ERROR",
    message: expect.stringMatching(/^[A-Z].+\.$/) as string,
    hint: expect.stringMatching(/^[A-Z].+\.|get_migration_status/) as string,
  });
});
