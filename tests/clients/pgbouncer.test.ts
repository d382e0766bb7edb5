import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { catalogFingerprint } from "../support/catalog-fingerprint.ts";
import { runCli, startCli } from "../support/cli.ts";
import { createDatabase, createDatabaseWithEngine, openSession } from "../support/database.ts";
import { untilBlocked } from "../support/backends.ts";
import { holdLock } from "../support/lock-holder.ts";
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

const variousMigrations = {
  ...smallMigrations(3),
  "migrations/0004_index.sql":
    "-- migrate:up transaction:false\ncreate index concurrently t1_b on t1 (b);\nvacuum t1;\n" +
    "-- migrate:down transaction:false\ndrop index concurrently t1_b;\n",
  "views/v.sql": "create view v as select * from t1;",
};

describe.skipIf(isMissing("pgbouncer"))("through PgBouncer", () => {
  test("in session mode, all commands do the same as without, and the lock and the settings of the run go with it", async () => {
    const [direct, pooled] = [await createDatabase(), await createDatabase()];
    for (const { name, sql } of [direct, pooled])
      await sql.unsafe(`alter database ${name} set statement_timeout = '90s'`);
    const pooler = await startPooler(pooled.url, { mode: "session", size: 5 });
    const project = await createProject(variousMigrations);
    for (const command of [["migrate"], ["rollback", "--to", "0001_t1"], ["migrate"], ["status"]]) {
      for (const url of [direct.url, pooler.url]) {
        const run = await runCli([...command, "--url", url, "--project", project]);
        expect(run).toMatchObject({ exitCode: 0 });
      }
    }
    expect(await ledger(pooled.sql)).toHaveLength(4);
    expect(await ledger(pooled.sql)).toEqual(await ledger(direct.sql));
    expect(await catalogFingerprint(pooled.sql)).toEqual(await catalogFingerprint(direct.sql));
    expect(await holders(pooled.sql)).toEqual([]);
    const client = openSession(pooler.url);
    expect(await client`show statement_timeout`).toEqual([{ statement_timeout: "90s" }]);
  });

  test("in session mode, a pool of one session is enough", async () => {
    const { url, sql } = await createDatabase();
    const pooler = await startPooler(url, { mode: "session", size: 1 });
    const project = await createProject(smallMigrations(2));
    expect(await runCli(["migrate", "--url", pooler.url, "--project", project])).toMatchObject({
      exitCode: 0,
    });
    expect(await ledger(sql)).toHaveLength(2);
  });

  test.each([1, 2, 5])(
    "in transaction mode with %i sessions, what changes the database is refused, and nothing is left",
    async (size) => {
      const { url, sql } = await createDatabase();
      const pooler = await startPooler(url, { mode: "transaction", size });
      const project = await createProject(variousMigrations);
      // Sessions of the pool that other clients have used, and may use again.
      const others = Array.from({ length: size }, () => openSession(pooler.url));
      await Promise.all(others.map(async (other) => other`select pg_sleep(0.05)`));
      const before = await catalogFingerprint(sql);
      const run = await runCli(["migrate", "--json", "--url", pooler.url, "--project", project]);
      expect(run.exitCode).toBe(3);
      expect(JSON.parse(run.stdout)).toMatchObject({
        error: {
          code: "POOLER_UNSUITABLE",
          hint: expect.stringContaining("pool_mode = session") as string,
        },
      });
      expect(await catalogFingerprint(sql)).toEqual(before);
      expect(await holders(sql)).toEqual([]);
      expect(await runCli(["migrate", "--url", url, "--project", project])).toMatchObject({
        exitCode: 0,
      });
      const rolledBack = await runCli(["rollback", "--url", pooler.url, "--project", project]);
      expect(rolledBack).toMatchObject({ exitCode: 3 });
      expect(await ledger(sql)).toHaveLength(4);
    },
  );

  test("in transaction mode, what only reads works", async () => {
    const { url } = await createDatabase();
    const pooler = await startPooler(url, { mode: "transaction", size: 2 });
    const project = await createProject(variousMigrations);
    for (const command of [["status"], ["migrate", "--dry-run"]]) {
      const run = await runCli([...command, "--url", pooler.url, "--project", project]);
      expect(run).toMatchObject({ exitCode: 0 });
    }
    await runCli(["migrate", "--url", url, "--project", project]);
    // Nothing is pending, so that no lock is needed.
    expect(await runCli(["migrate", "--url", pooler.url, "--project", project])).toMatchObject({
      exitCode: 0,
    });
  });

  test("in transaction mode, the commands that need their session from one message to the next are refused", async () => {
    const { url, sql } = await createDatabaseWithEngine();
    await sql.unsafe(
      `create table t (id bigint primary key, at timestamptz not null, n int);
       insert into t values (1, '2020-01-01', 1)`,
    );
    const pooler = await startPooler(url, { mode: "transaction", size: 2 });
    const project = await createProject({
      "n.sql": "update t set n = 2 where id between :'batch_from' and :'batch_to';\n",
    });
    const before = await catalogFingerprint(sql);
    for (const command of [
      ["partitions", "retire"],
      ["partitions", "convert", "t", "--by", "at", "--granularity", "monthly", "--prepare"],
      ["backfill", "n.sql"],
    ]) {
      const run = await runCli([...command, "--json", "--url", pooler.url], { cwd: project });
      expect(run).toMatchObject({ exitCode: 3 });
      expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "POOLER_UNSUITABLE" } });
    }
    expect(await catalogFingerprint(sql)).toEqual(before);
    expect(await holders(sql)).toEqual([]);
    expect(await sql`select n from t`).toEqual([{ n: 1 }]);
  });

  test("in transaction mode, rows are moved out of the catch-all: each repair is one message", async () => {
    const { url, sql } = await createDatabaseWithEngine();
    await sql.unsafe(
      `create table log (at timestamptz not null) partition by range (at);
       create table log_default partition of log default;
       insert into log values ('2020-01-01');
       insert into partition_policies (parent, granularity) values ('log', 'yearly')`,
    );
    const pooler = await startPooler(url, { mode: "transaction", size: 2 });
    const args = ["partitions", "doctor", "--fix", "--yes", "--url", pooler.url];
    expect(await runCli(args)).toMatchObject({ exitCode: 0 });
    expect(await sql`select tableoid::regclass::text as partition from log`).toEqual([
      { partition: "log_2020" },
    ]);
    expect(await holders(sql)).toEqual([]);
  });

  test("in session mode, two runs at once do not both run a migration", async () => {
    const { url, sql } = await createDatabase();
    await sql.unsafe("create table runs (id integer)");
    const pooler = await startPooler(url, { mode: "session", size: 5 });
    const project = await createProject({
      "migrations/001_slow.sql": migration(
        "insert into runs values (1); lock table gate in access share mode",
      ),
    });
    await sql.unsafe("create table gate (id integer)");
    const gate = await holdLock(url, "lock table gate in access exclusive mode");
    const args = ["migrate", "--lock-timeout", "0", "--url", pooler.url, "--project", project];
    const first = startCli(args);
    await untilBlocked(sql, gate.pid);
    const second = startCli(args);
    let said = "";
    second.child.stderr?.on("data", (text: string) => (said += text));
    await expect.poll(() => said, { timeout: 30_000 }).toContain("Another run is at work");
    await gate.release();
    expect(await first.result).toMatchObject({ exitCode: 0 });
    expect(await second.result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("Nothing is pending") as string,
    });
    expect(await sql`select id from runs`).toHaveLength(1);
  });

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
