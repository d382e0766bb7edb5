import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { runCli, startCli } from "../support/cli.ts";
import { createDatabase, openSession } from "../support/database.ts";
import { startPooler } from "../support/pgbouncer.ts";
import { createProject, migration, smallMigrations } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";

/** The sessions that hold the migration lock, or any other advisory lock of the database. */
async function holders(sql: postgres.Sql): Promise<object[]> {
  return sql`
    select state from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`;
}

/** What a run recorded, but for the times, and for the number that each row was given. */
async function ledger(sql: postgres.Sql): Promise<object[]> {
  return sql`
    select version, description, rollback_sql, up_sql, checksum, tool_version, applied_by,
      (select string_agg(event, ', ' order by id) from migration_events e where e.version = m.version) as events
    from schema_migrations m order by applied_order`;
}

describe.skipIf(isMissing("pgbouncer"))("through PgBouncer", () => {
  test.each([
    ["session", "goes, and so do the settings of the run", { holders: [], timeout: "90s" }],
    [
      "transaction",
      "stays with a session of the pool, and so do the settings of the run",
      { holders: [{ state: "idle" }], timeout: "0" },
    ],
  ] as const)(
    "in %s mode, all commands do the same as without; then the lock %s",
    async (mode, _what, left) => {
      const [direct, pooled] = [await createDatabase(), await createDatabase()];
      for (const { name, sql } of [direct, pooled])
        await sql.unsafe(`alter database ${name} set statement_timeout = '90s'`);
      const pooler = await startPooler(pooled.url, { mode, size: 5 });
      const project = await createProject({
        ...smallMigrations(3),
        "migrations/0004_index.sql":
          "-- migrate:up transaction:false\ncreate index concurrently t1_b on t1 (b);\nvacuum t1;\n" +
          "-- migrate:down transaction:false\ndrop index concurrently t1_b;\n",
        "views/v.sql": "create view v as select * from t1;",
      });
      for (const command of [
        ["migrate"],
        ["rollback", "--to", "0001_t1"],
        ["migrate"],
        ["status"],
      ]) {
        for (const url of [direct.url, pooler.url]) {
          const run = await runCli([...command, "--url", url, "--project", project]);
          expect(run).toMatchObject({ exitCode: 0 });
        }
      }
      const status = await runCli([
        "status",
        "--exit-code",
        "--url",
        pooler.url,
        "--project",
        project,
      ]);
      expect(status).toMatchObject({ exitCode: 0 });

      expect(await ledger(pooled.sql)).toHaveLength(4);
      expect(await ledger(pooled.sql)).toEqual(await ledger(direct.sql));
      expect(await catalogFingerprint(pooled.sql)).toEqual(await catalogFingerprint(direct.sql));

      expect(await holders(pooled.sql)).toEqual(left.holders);
      const client = openSession(pooler.url);
      expect(await client`show statement_timeout`).toEqual([{ statement_timeout: left.timeout }]);
    },
  );

  test("after a run in transaction mode, a run without the pooler waits until the pool's session has gone", async () => {
    const { url, sql } = await createDatabase();
    const pooler = await startPooler(url, { mode: "transaction", size: 5 });
    const first = await createProject(smallMigrations(1));
    expect(await runCli(["migrate", "--url", pooler.url, "--project", first])).toMatchObject({
      exitCode: 0,
    });
    const second = await createProject(smallMigrations(2));
    const { child, result } = startCli(["migrate", "--url", url, "--project", second]);
    let said = "";
    child.stderr?.on("data", (text: string) => (said += text));
    await expect
      .poll(() => said, { timeout: 30_000 })
      .toContain("Another run is at work in this database; waiting for it to end.");
    await pooler.stop();
    expect(await result).toMatchObject({ exitCode: 0 });
    expect(await ledger(sql)).toMatchObject([{ version: "0001_t1" }, { version: "0002_t2" }]);
    expect(await holders(sql)).toEqual([]);
  });

  test("in transaction mode, two runs that share a session of the pool both have the lock, and both run a migration", async () => {
    const { url, sql } = await createDatabase();
    await sql.unsafe("create table runs (id integer)");
    const pooler = await startPooler(url, { mode: "transaction", size: 1 });
    const project = await createProject({
      "migrations/001_slow.sql":
        "-- migrate:up transaction:false\ninsert into runs values (1);\nselect pg_advisory_lock(7);\n" +
        "select pg_advisory_unlock(7);\n-- migrate:irreversible it is a test\n",
    });
    const args = ["migrate", "--url", pooler.url, "--project", project];
    await sql`select pg_advisory_lock(7)`;
    const first = startCli(args);
    await expect
      .poll(async () => sql`select query from pg_stat_activity where wait_event = 'advisory'`, {
        timeout: 30_000,
      })
      .toEqual([{ query: "select pg_advisory_lock(7)" }]);
    // The first run's statement ends, and it does not send the next one.
    first.child.kill("SIGSTOP");
    await sql`select pg_advisory_unlock(7)`;
    const second = await runCli(args);
    first.child.kill("SIGCONT");

    expect(second).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Applied 1 migration") as string,
    });
    expect(await first.result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Applied 1 migration") as string,
    });
    expect(await sql`select id from runs`).toHaveLength(2);
    expect(await ledger(sql)).toMatchObject([{ version: "001_slow", events: "applied" }]);
  });

  test.each(["session", "transaction"] as const)(
    "in %s mode, two runs at once with a session each do not both run a migration",
    async (mode) => {
      const { url, sql } = await createDatabase();
      await sql.unsafe("create table runs (id integer)");
      const pooler = await startPooler(url, { mode, size: 2 });
      const project = await createProject({
        "migrations/001_slow.sql": migration(
          "insert into runs values (1); select pg_advisory_xact_lock(7)",
        ),
      });
      const args = ["migrate", "--url", pooler.url, "--project", project];
      await sql`select pg_advisory_lock(7)`;
      const first = startCli(args);
      await expect
        .poll(async () => sql`select pid from pg_stat_activity where wait_event = 'advisory'`, {
          timeout: 30_000,
        })
        .toHaveLength(1);
      const second = startCli(args);
      let said = "";
      second.child.stderr?.on("data", (text: string) => (said += text));
      await expect.poll(() => said, { timeout: 30_000 }).toContain("Another run is at work");
      await sql`select pg_advisory_unlock(7)`;
      expect(await first.result).toMatchObject({ exitCode: 0 });
      expect(await second.result).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("Nothing is pending") as string,
      });
      expect(await sql`select id from runs`).toHaveLength(1);
    },
  );

  test.each(["session", "transaction"] as const)(
    "in %s mode, an address with options= is refused with the pooler's own words",
    async (mode) => {
      const { url } = await createDatabase();
      const pooler = await startPooler(url, { mode, size: 1 });
      const project = await createProject(smallMigrations(1));
      const address = `${pooler.url}?options=-csearch_path%3Dpublic`;
      const run = await runCli(["migrate", "--json", "--url", address, "--project", project]);
      expect(run.exitCode).toBe(3);
      expect(JSON.parse(run.stdout)).toMatchObject({
        error: {
          code: "CONNECTION_FAILED",
          sqlState: "08P01",
          detail: "unsupported startup parameter: options",
        },
      });
    },
  );
});
