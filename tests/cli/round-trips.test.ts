import { expect, inject, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase, urlOf } from "../support/database.ts";
import { createProject, smallMigrations } from "../support/project.ts";
import { startProtocolProxy } from "../support/protocol-proxy.ts";

const functionsAndViews = {
  "functions/one.sql": "create or replace function one() returns int language sql as 'select 1';",
  "views/ones.sql": "create or replace view ones as select one();",
};

async function migrateThroughProxy(count: number): Promise<{ first: number; again: number }> {
  const { name, sql } = await createDatabase();
  const proxy = await startProtocolProxy(Number(new URL(inject("serverUrl")).port));
  const url = urlOf({ database: name, port: proxy.port });
  const project = await createProject({ ...smallMigrations(count), ...functionsAndViews });
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  const first = proxy.roundTrips();
  expect(await sql.unsafe("select count(*)::int as count from schema_migrations")).toEqual([
    { count },
  ]);
  expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
    exitCode: 0,
  });
  return { first, again: proxy.roundTrips() - first };
}

test("the number of round trips does not depend on the number of migrations, and is at most 9", async () => {
  const ten = await migrateThroughProxy(10);
  const thousand = await migrateThroughProxy(1000);
  // What the server says while a message is still on its way to it counts as an answer: one more, now and then.
  expect(Math.abs(thousand.first - ten.first)).toBeLessThanOrEqual(1);
  expect(thousand.again).toBe(ten.again);
  // The last one asks for policies of partitions.
  expect(ten.first).toBeLessThanOrEqual(9);
  expect(ten.again).toBeLessThanOrEqual(3);
});
