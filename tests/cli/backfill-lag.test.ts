import { expect, test, vi } from "vitest";
import { withSession } from "../../src/db/session.ts";
import { installEngine } from "../../src/migrations/ledger/engine.ts";
import { startCli } from "../support/cli.ts";
import { openSession } from "../support/database.ts";
import { createProject } from "../support/project.ts";
import { connectionOf } from "../support/server.ts";
import { startStreamingPair } from "../support/standby.ts";

const patience = { timeout: 45_000, interval: 50 };

test(
  "a standby whose replay is paused holds a backfill back until it goes on",
  { timeout: 180_000 },
  async () => {
    const { primary, standby } = await startStreamingPair();
    const [sql, replica] = [openSession(primary), openSession(standby)];
    // What it has replayed, a standby says only this often while nothing is written.
    await replica.unsafe("alter system set wal_receiver_status_interval = '1s'");
    await replica`select pg_reload_conf()`;
    await withSession(connectionOf(primary), {}, installEngine);
    await sql`create table t (id bigint primary key, n integer not null default 0)`;
    await sql`insert into t (id) select generate_series(1, 6000)`;
    const done = async (): Promise<number> => {
      const [row] = await sql<{ count: number }[]>`select sum(n)::int as count from t`;
      return row?.count ?? 0;
    };
    await vi.waitUntil(
      async () =>
        (await sql`select from pg_stat_replication where replay_lsn is not null`).length > 0,
      patience,
    );
    await replica`select pg_wal_replay_pause()`;

    const project = await createProject({
      "t.sql": "update t set n = n + 1 where id between :'batch_from' and :'batch_to'",
    });
    const options = [
      "--batch",
      "100",
      "--batch-time",
      "0",
      "--pause",
      "50ms",
      "--max-lag",
      "300ms",
    ];
    const { child, result } = startCli(["backfill", "t.sql", ...options, "--json"], {
      cwd: project,
      env: { DATABASE_URL: primary },
    });
    let said = "";
    child.stderr?.on("data", (text: string) => (said += text));
    await vi.waitUntil(() => said.includes("Pausing: replication is"), patience);

    // Nothing is written any more, and so the standby says nothing new; the pause lasts all the same.
    const before = await done();
    const [clock] = await sql<{ at: Date }[]>`select now() as at`;
    await vi.waitUntil(
      async () =>
        (await sql`select where now() > ${clock?.at ?? ""}::timestamptz + interval '3 s'`).length >
        0,
      patience,
    );
    expect(before).toBeLessThan(6000);
    expect(await done()).toBe(before);
    expect(child.exitCode).toBeNull();

    await replica`select pg_wal_replay_resume()`;
    const { exitCode, stdout } = await result;
    expect(exitCode).toBe(0);
    expect(await done()).toBe(6000);
    expect(await sql`select n from t where n <> 1`).toEqual([]);
    const { run } = JSON.parse(stdout) as { run: { heldBack: number } };
    expect(run.heldBack).toBeGreaterThan(3000);
  },
);
