import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { terminateBackend } from "../support/backends.ts";
import { killCli, runCli, startCli, type CliRun } from "../support/cli.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../support/database.ts";
import { all, patience } from "../support/fault-points.ts";
import { createProject } from "../support/project.ts";
import { startProtocolProxy, type ProtocolProxy } from "../support/protocol-proxy.ts";
import { randomNumbers } from "../support/random-choice.ts";

/** What is there at a moment. */
interface Scene {
  readonly database: TestDatabase;
  readonly proxy: ProtocolProxy;
  readonly run: CliRun;
}

const faults: readonly ((scene: Scene) => Promise<unknown>)[] = [
  async ({ run }) => killCli(run),
  async ({ proxy }) => proxy.close(),
  async ({ database }) => {
    for (const { pid } of await sessions(database)) await terminateBackend(database.sql, pid);
  },
  async ({ run }) => run.child.kill("SIGINT"),
];

/** The sessions of runs in this database. */
async function sessions({ sql }: TestDatabase): Promise<readonly { pid: number }[]> {
  return sql<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and application_name like 'doramaflix-db%'`;
}

const rows = 120_000;

const file = `UPDATE struck SET n = n + 1, total = total * 3 + id
WHERE id BETWEEN :'batch_from' AND :'batch_to';`;

/** A digest of all rows. */
async function digest({ sql }: TestDatabase): Promise<unknown> {
  return sql`select count(*)::int as rows, max(n) as most, min(n) as least, md5(string_agg(id || ' ' || n || ' ' || total, ',' order by id)) from struck`;
}

async function fill({ sql }: TestDatabase): Promise<void> {
  await sql.unsafe(
    `drop table if exists struck; truncate backfills;
     create table struck (id bigint primary key, n int not null default 0, total numeric not null default 1);
     insert into struck (id) select g * 7 from generate_series(1, ${rows}) g`,
  );
}

test(
  "a backfill that is struck at random moments changes each row once, with the result of an undisturbed run",
  async () => {
    const database = await createDatabaseWithEngine();
    const project = await createProject({ "struck.sql": file });
    const args = ["backfill", "struck.sql", "--batch", "1000", "--batch-time", "0"];
    const options = { cwd: project };
    await fill(database);
    const began = performance.now();
    const undisturbed = await runCli([...args, "--url", database.url], options);
    const duration = performance.now() - began;
    expect(undisturbed).toMatchObject({ exitCode: 0 });
    const expected = await digest(database);
    expect(expected).toMatchObject([{ rows, most: 1, least: 1 }]);

    await fill(database);
    let interrupted = 0;
    for (const [place, number] of randomNumbers(all ? 100 : 12, 1000).entries()) {
      const { port } = new URL(database.url);
      const proxy = await startProtocolProxy(Number(port));
      const through = new URL(database.url);
      through.port = String(proxy.port);
      const run = startCli([...args, "--url", through.href], options);
      await vi.waitUntil(
        async () => (await sessions(database)).length > 0 || run.child.exitCode !== null,
        {
          timeout: 60_000,
          interval: 5,
        },
      );
      // So short that each run does a part of the work.
      await sleep((number / 1000) * (duration / 8));
      const strike = faults[place % faults.length];
      await strike?.({ database, proxy, run });
      const { exitCode, signal } = await run.result;
      await proxy.close();
      if (exitCode !== 0) interrupted += 1;
      expect([0, 3, 130, null], String(signal)).toContain(exitCode);
      // The journal has what the table has, whatever happened; a batch in hand may still be running.
      const [state] = await database.sql<{ same: boolean }[]>`
        select (select count(*) from struck where n = 1) = coalesce(sum(rows_changed), 0) as same from backfills`;
      expect(state?.same).toBe(true);
    }
    expect(interrupted).toBeGreaterThan(0);
    const last = await runCli([...args, "--url", database.url], options);
    expect(last).toMatchObject({ exitCode: 0 });
    expect(await digest(database)).toEqual(expected);
    const [journal] = await database.sql`
      select rows_walked::int, rows_changed::int, batches::int from backfills`;
    expect(journal).toEqual({ rows_walked: rows, rows_changed: rows, batches: rows / 1000 });
  },
  patience,
);
