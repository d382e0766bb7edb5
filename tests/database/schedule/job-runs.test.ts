import type postgres from "postgres";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { withSession } from "../../../src/db/session.ts";
import { beginRun } from "../../../src/schedule/queries.ts";
import { terminateBackend } from "../../support/backends.ts";
import {
  createDatabaseWithEngine,
  openSession as openSessionOf,
  type TestDatabase,
} from "../../support/database.ts";
import { connectionOf } from "../../support/server.ts";

const leaderKey = "hashtext('doramaflix-db schedule'), 0";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

beforeEach(async () => {
  await database.sql`truncate job_runs, scheduled_jobs`;
});

const opened: postgres.Sql[] = [];

/** Opens a session that ends with the test, and its locks with it. */
function openSession(): postgres.Sql {
  const sql = openSessionOf(database.url);
  opened.push(sql);
  return sql;
}

afterEach(async () => {
  for (const sql of opened.splice(0)) await sql.end();
});

const yesterday = new Date(Date.now() - 86_400_000).toISOString();

interface Run {
  readonly run_id: string;
  readonly result: string | null;
  readonly error: string | null;
  readonly leader: string | null;
}

async function runs(): Promise<readonly Run[]> {
  return database.sql<Run[]>`select run_id, result, error, leader from job_runs order by run_id`;
}

async function begin(
  sql: postgres.Sql,
  { job = "health", dueAt = yesterday, leader = null as string | null } = {},
): Promise<string | null> {
  const [row] = await sql<{ id: string | null }[]>`
    select begin_job_run(${job}, ${dueAt}::timestamptz, 0, ${leader}) as id`;
  return row?.id ?? null;
}

async function lead(sql: postgres.Sql): Promise<string> {
  await sql.unsafe(`select pg_advisory_lock(${leaderKey})`);
  const [row] = await sql<{ identity: string }[]>`select session_identity() as identity`;
  return row?.identity ?? "";
}

async function pidOf(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return row?.pid ?? 0;
}

test("the server gives up a session that works when its machine does not answer for eight seconds", async () => {
  await withSession(connectionOf(database.url), {}, async (session) => {
    await beginRun(session, { job: "health" });
    const settings = await session.query(`
      select name, setting from pg_settings where name like 'tcp\\_%' order by name`);
    expect(settings).toEqual([
      { name: "tcp_keepalives_count", setting: "2" },
      { name: "tcp_keepalives_idle", setting: "4" },
      { name: "tcp_keepalives_interval", setting: "2" },
      { name: "tcp_user_timeout", setting: "8000" },
    ]);
  });
});

describe("begin_job_run", () => {
  test("records a run, which end_job_run completes", async () => {
    const session = openSession();
    const id = await begin(session);
    expect(await runs()).toMatchObject([{ run_id: id, result: null, leader: null }]);
    await session`select end_job_run(${id}, 'findings', 'Looked.', 'Two indexes are invalid.')`;
    const [row] = await database.sql`
      select result, summary, error, ended_at >= started_at as ordered from job_runs`;
    expect(row).toEqual({
      result: "findings",
      summary: "Looked.",
      error: "Two indexes are invalid.",
      ordered: true,
    });
  });

  test("returns null for a moment for which the job has run", async () => {
    const session = openSession();
    await session`select end_job_run(${await begin(session)}, 'done')`;
    expect(await begin(session)).toBeNull();
    expect(await begin(session, { job: "views" })).not.toBeNull();
  });

  test("lets one session work at a time, also where another leads by now", async () => {
    const worker = openSession();
    const leader = openSession();
    await begin(worker);
    const identity = await lead(leader);
    await expect(begin(openSession(), { job: "views", leader: identity })).rejects.toThrow(
      expect.objectContaining({ code: "DF071" }),
    );
    expect(await runs()).toHaveLength(1);
  });

  test("begins nothing for a leader that has lost its session", async () => {
    const leader = openSession();
    const identity = await lead(leader);
    expect(await begin(openSession(), { leader: identity })).not.toBeNull();
    await terminateBackend(database.sql, await pidOf(leader));
    const worker = openSession();
    await expect(begin(worker, { job: "views", leader: identity })).rejects.toThrow(
      expect.objectContaining({ code: "DF070" }),
    );
    // Another one leads in its place.
    await lead(openSession());
    await expect(begin(worker, { job: "views", leader: identity })).rejects.toThrow(
      expect.objectContaining({ code: "DF070" }),
    );
  });

  test("finds a run lost whose session has gone, and its session cannot record any more", async () => {
    const zombie = openSession();
    const id = await begin(zombie);
    // Its lock is given away, as if the server had taken it for dead.
    await zombie`select pg_advisory_unlock_all()`;
    const next = openSession();
    await begin(next, { job: "views" });
    expect(await runs()).toMatchObject([
      { result: "lost", error: "The session that ran it ended before it did." },
      { result: null },
    ]);
    await expect(zombie`select end_job_run(${id}, 'done')`).rejects.toThrow(
      expect.objectContaining({ code: "DF072" }),
    );
    await expect(openSession()`select end_job_run(${id}, 'done')`).rejects.toThrow(
      expect.objectContaining({ code: "DF072" }),
    );
  });

  test("the table takes no two runs at the same time", async () => {
    await expect(
      database.sql`
        insert into job_runs (job, due_at, started_at, worker)
        values ('a', now(), now(), 'x'), ('b', now(), now(), 'x')`,
    ).rejects.toThrow(expect.objectContaining({ constraint_name: "job_runs_one_at_a_time" }));
  });

  test("deletes the runs of its job of more than 90 days ago", async () => {
    await database.sql`
      insert into job_runs (job, due_at, started_at, ended_at, result, worker) values
        ('health', now() - interval '91 days', now() - interval '91 days', now() - interval '91 days', 'done', 'x'),
        ('views', now() - interval '92 days', now() - interval '92 days', now() - interval '92 days', 'done', 'x')`;
    await begin(openSession(), { dueAt: new Date().toISOString() });
    const left = await database.sql`select job from job_runs order by due_at`;
    expect(left.map(({ job }) => job as string)).toEqual(["views", "health"]);
  });

  test("goes on where the server's clock was set back", async () => {
    await database.sql`
      insert into job_runs (job, due_at, started_at, ended_at, result, worker)
      values ('views', now(), now(), now() + interval '1 hour', 'done', 'x')`;
    const session = openSession();
    const id = await begin(session);
    await session`select end_job_run(${id}, 'done')`;
    expect(await runs()).toMatchObject([{ result: "done" }, { result: "done" }]);
  });

  test("is not for everyone to call", async () => {
    const [row] = await database.sql`
      select has_function_privilege('pg_monitor', 'begin_job_run(text,timestamptz,integer,text)', 'execute') as may`;
    expect(row).toEqual({ may: false });
  });
});

describe("register_jobs", () => {
  const jobs = [
    { job: "health", schedule: "0 * * * *", time_zone: "UTC" },
    { job: 'Odd "job" 名', schedule: "* * * * *", time_zone: "Asia/Seoul" },
  ];

  test("keeps since when a schedule is known, and forgets jobs that are left out", async () => {
    const register = async (given: object): Promise<readonly postgres.Row[]> =>
      database.sql`select * from register_jobs(${database.sql.json(given as never)}) order by job collate "C"`;
    const first = await register(jobs);
    expect(first.map(({ job }) => job as string)).toEqual(['Odd "job" 名', "health"]);
    expect(await register(jobs)).toEqual(first);
    const [changed] = await register([{ ...jobs[0], schedule: "1 * * * *" }]);
    expect(Number(changed?.["after"])).toBeGreaterThan(
      Number(first.find(({ job }) => job === "health")?.["after"]),
    );
    expect(await database.sql`select job from scheduled_jobs`).toHaveLength(1);
  });

  test("returns when a job last ran", async () => {
    await database.sql`select register_jobs(${database.sql.json(jobs)})`;
    const session = openSession();
    const id = await begin(session, { dueAt: "2999-01-01T00:00:00Z" });
    await session`select end_job_run(${id}, 'failed', null, 'x')`;
    const rows = await database.sql`
      select after from register_jobs(${database.sql.json(jobs)}) where job = 'health'`;
    expect(rows).toEqual([{ after: new Date("2999-01-01T00:00:00Z") }]);
  });
});

describe("analyze_partitioned_table", () => {
  test("gathers what plan_analyze misses, until something changes", async () => {
    const { sql } = database;
    await sql.unsafe(`
      create table "Odd ""parent""" (id int, at date) partition by range (at);
      create table odd_1 partition of "Odd ""parent""" for values from ('2026-01-01') to ('2026-02-01')`);
    const planned = async (): Promise<readonly string[]> => {
      await sql`select pg_stat_force_next_flush()`;
      return (await sql`select parent::text from plan_analyze()`).map((row) =>
        String(row["parent"]),
      );
    };
    expect(await planned()).toEqual([]);
    await sql`insert into odd_1 select g, '2026-01-05' from generate_series(1, 100) g`;
    expect(await planned()).toEqual(['"Odd ""parent"""']);
    await sql`select analyze_partitioned_table(parent) from plan_analyze()`;
    const [row] = await sql`
      select count(*)::int as columns from pg_stats where tablename = 'Odd "parent"' and inherited`;
    expect(row).toEqual({ columns: 2 });
    expect(await planned()).toEqual([]);
  });
});
