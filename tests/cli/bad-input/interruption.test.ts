import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { runCli, startCli } from "../../support/cli.ts";
import { createDatabase, openSession, urlOf } from "../../support/database.ts";
import { createProject, migration, writeFiles } from "../../support/project.ts";
import { stateOf, type ErrorDocument } from "./refusals.ts";

const marker = "select pg_sleep(30)";

/** How many sessions of a database run our long statement. */
async function sleepers(observer: postgres.Sql, database: string): Promise<number> {
  const rows = await observer`
    select from pg_stat_activity
    where datname = ${database} and state = 'active' and application_name like 'doramaflix-db%'
      and wait_event = 'PgSleep'`;
  return rows.length;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("Waited in vain.");
    await sleep(20);
  }
}

describe.each(["SIGINT", "SIGTERM"] as const)("%s during a migration", (signal) => {
  test.concurrent.for([
    { where: "in a transaction", option: "" },
    { where: "outside a transaction", option: " transaction:false" },
  ])("$where cancels it and leaves what was applied before", async ({ option }) => {
    const { name, url, sql } = await createDatabase();
    const observer = openSession(urlOf({}));
    const text = (statement: string): string =>
      `-- migrate:up${option}\n${statement};\n-- migrate:down\nselect 1;\n`;
    const project = await createProject({
      "migrations/001_first.sql": migration("create table first (id integer)"),
      "migrations/002_second.sql": text(marker),
      "migrations/003_third.sql": migration("create table third (id integer)"),
    });
    const args = ["migrate", "--json", "--url", url, "--project", project];
    const { child, result } = startCli(args);
    await until(async () => (await sleepers(observer, name)) === 1);

    const began = performance.now();
    child.kill(signal);
    const { exitCode, stdout, stderr } = await result;

    expect(exitCode).toBe(130);
    expect(performance.now() - began).toBeLessThan(5000);
    const { error } = JSON.parse(stdout) as { error: ErrorDocument };
    expect(error).toMatchObject({
      code: "INTERRUPTED",
      detail: expect.stringContaining("what had ended before stays") as string,
      hint: expect.stringContaining("running the command again goes on from there") as string,
    });
    expect(stderr).toContain("Applied 001_first");
    await until(async () => (await sleepers(observer, name)) === 0);
    const { catalog, ledger } = await stateOf(sql);
    expect(ledger).toMatchObject([{ version: "001_first" }]);
    expect(catalog.filter((each) => each.includes(" third "))).toEqual([]);

    await writeFiles(project, { "migrations/002_second.sql": text("select 1") });
    expect(await runCli(args)).toMatchObject({ exitCode: 0 });
    expect((await stateOf(sql)).ledger).toMatchObject([
      { version: "001_first" },
      { version: "002_second" },
      { version: "003_third" },
    ]);
  });
});
