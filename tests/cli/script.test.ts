import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { runCli } from "../support/cli.ts";
import { createDatabase } from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";
import { findProgram, isMissing } from "../support/requirements.ts";

const project = {
  "migrations/001_quotes.sql": migration(
    "create table t (a text default 'it''s', b text default $text$x$text$, c text default E'\\\\n')",
    "drop table t",
  ),
  "migrations/002_leaves.sql": migration(
    "set work_mem = '5MB'; set timezone = 'Asia/Seoul'; set lock_timeout = '7s'; set role pg_monitor",
    "select 1",
  ),
  "migrations/003_index.sql":
    "-- migrate:up transaction:false\ncreate index concurrently t_a on t (a);\nvacuum t;\ninsert into t values (':x', ':''x''', 'end$');\n" +
    "-- migrate:down transaction:false\ndrop index concurrently t_a;\n",
  "migrations/004_last.sql":
    "-- migrate:description It's the last one\n-- migrate:up\ncreate table u as select name, current_setting(name) from unnest(array['TimeZone', 'lock_timeout']) name;\n-- migrate:irreversible Because it's so.\n",
  "functions/f.sql":
    "create or replace function f() returns bigint language sql as 'select count(*) from t';\n",
  "views/v.sql": "create or replace view v as select a, f() from t;\n",
};

/** All that a run records, but for times and what differs between clients. */
async function recorded(sql: postgres.Sql): Promise<unknown> {
  return [
    await sql`select version, description, rollback_sql, irreversible, up_sql, checksum, tool_version, duration is null as untimed
      from schema_migrations order by applied_order`,
    await sql`select version, event, checksum from migration_events order by id`,
    await sql`select path, kind, checksum, definition, objects, refers_to, search_path from schema_definitions order by path`,
    await sql`select version, direction, place, statement, checksum, ended_at is null as open from migration_statements order by 1, 2, 3`,
    await sql`select setting from pg_settings where name = 'work_mem'`,
  ];
}

async function psql(url: string, script: string): Promise<void> {
  const folder = await createProject({});
  const file = join(folder, "script.sql");
  writeFileSync(file, script);
  execFileSync(findProgram("psql") ?? "psql", ["-X", "-q", "-f", file, url], { stdio: "pipe" });
}

async function scriptOf(url: string, folder: string, ...options: string[]): Promise<string> {
  const run = await runCli(["migrate", "--sql", "--url", url, "--project", folder, ...options]);
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  return run.stdout;
}

describe.skipIf(isMissing("psql"))("migrate --sql", () => {
  test("prints what psql can run with the same effect, ledger included", async () => {
    const [byTool, byScript] = [await createDatabase(), await createDatabase()];
    const folder = await createProject(project);
    const before = await catalogFingerprint(byScript.sql);
    const script = await scriptOf(byScript.url, folder);
    expect(await catalogFingerprint(byScript.sql)).toEqual(before);
    expect(await runCli(["migrate", "--url", byTool.url, "--project", folder])).toMatchObject({
      exitCode: 0,
    });
    await psql(byScript.url, script);
    expect(await catalogFingerprint(byScript.sql)).toEqual(await catalogFingerprint(byTool.sql));
    expect(await recorded(byScript.sql)).toEqual(await recorded(byTool.sql));
    // The migration before it has set both.
    expect(await byScript.sql`select * from u`).toEqual([
      { name: "TimeZone", current_setting: "UTC" },
      { name: "lock_timeout", current_setting: "3s" },
    ]);
    const status = await runCli([
      "status",
      "--exit-code",
      "--url",
      byScript.url,
      "--project",
      folder,
    ]);
    expect(status).toMatchObject({ exitCode: 0 });
  });

  test("stops at what fails, and the next run goes on from there", async () => {
    const { url, sql } = await createDatabase();
    const folder = await createProject(project);
    const script = await scriptOf(url, folder, "--to", "003_index");
    await expect(psql(url, script.replace("vacuum t;", "vacuum missing;"))).rejects.toThrow(
      "missing",
    );
    const halfWay = await runCli(["migrate", "--sql", "--url", url, "--project", folder]);
    expect(halfWay).toMatchObject({ exitCode: 5 });
    expect(await runCli(["migrate", "--url", url, "--project", folder])).toMatchObject({
      exitCode: 0,
    });
    expect(await sql`select a from t`).toEqual([{ a: ":x" }]);
  });

  test("writes a script for the whole of Doramaflix", async () => {
    const [byTool, byScript] = [await createDatabase(), await createDatabase()];
    await psql(byScript.url, await scriptOf(byScript.url, packageRoot));
    const run = await runCli(["migrate", "--url", byTool.url, "--project", packageRoot]);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(await catalogFingerprint(byScript.sql)).toEqual(await catalogFingerprint(byTool.sql));
    expect(await recorded(byScript.sql)).toEqual(await recorded(byTool.sql));
  });
});

test("migrate --sql is for one database", async () => {
  const { exitCode, stderr } = await runCli(["migrate", "--sql", "--targets", "tenant_*"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--targets is not possible with --sql");
});
