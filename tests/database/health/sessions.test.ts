import { beforeAll, expect, test } from "vitest";
import {
  createDatabase,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { applyCure, examineOnly, findingsOf, type Threshold } from "../../support/health.ts";
import { holdLock } from "../../support/lock-holder.ts";

let database: TestDatabase;
let url: string;
let user: string;

beforeAll(async () => {
  database = await createDatabase();
  ({ url } = database);
  user = new URL(url).username;
  await database.sql.unsafe("create table t (a int); create table other (a int)");
});

test("a session that others wait for is shown with all behind it, and gone when it is ended", async () => {
  const name = "blocked_sessions";
  const atOnce: readonly Threshold[] = [["max(w.waited) >= 1000", "max(w.waited) >= 0"]];
  expect(await findingsOf(url, name, atOnce)).toEqual([]);
  const holder = await holdLock(`${url}?application_name=holder`, "lock table t");
  const first = openSession(`${url}?application_name=first`);
  // Holds what the second one waits for.
  const waiting = first.begin(async (sql) => {
    await sql`lock table other`;
    await sql`select * from t`;
  });
  await expect
    .poll(async () => (await findingsOf(url, name, atOnce))[0]?.detail["waiting"])
    .toHaveLength(1);
  const second = openSession(`${url}?application_name=second`);
  const waitingToo = second.unsafe("select * from other").execute();
  await expect
    .poll(async () => (await findingsOf(url, name, atOnce))[0]?.detail["waiting"])
    .toHaveLength(2);
  const [found, ...more] = await findingsOf(url, name, atOnce);
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    level: "warning",
    object: `${user}@holder`,
    cure: `select pg_terminate_backend(${holder.pid});`,
    detail: {
      process_id: holder.pid,
      state: "idle in transaction",
      waiting: [
        { depth: 1, application: "first", query: "select * from t" },
        { depth: 2, application: "second", query: "select * from other" },
      ],
    },
  });
  const long = await findingsOf(url, name, [...atOnce, [">= 30000", ">= 0"]]);
  expect(long).toMatchObject([{ level: "error" }]);
  const [said, ...tree] = found?.message.split("\n") ?? [];
  expect(said).toContain("2 sessions behind it");
  expect(tree).toEqual([
    expect.stringMatching(/^ {2}\d+ \w+@first, .+: select \* from t$/),
    expect.stringMatching(/^ {4}\d+ \w+@second, .+: select \* from other$/),
  ]);
  await applyCure(url, found?.cure);
  await Promise.all([waiting, waitingToo]);
  expect(await findingsOf(url, name, atOnce)).toEqual([]);
  await holder.release();
});

test.each([
  ["long_transactions", "interval '15 minutes'", "interval '6 hours'"],
  ["idle_in_transaction", "interval '5 minutes'", "interval '1 hour'"],
])(
  "%s finds a session with an open transaction, which its cure ends",
  async (name, limit, much) => {
    const atOnce: readonly Threshold[] = [[limit, "interval '0'"]];
    expect(await findingsOf(url, name, atOnce)).toEqual([]);
    const holder = await holdLock(`${url}?application_name=forgetful`, "select 1 as one");
    const [found, ...more] = await findingsOf(url, name, atOnce);
    expect(found).toMatchObject({ level: "warning", object: `${user}@forgetful` });
    expect(found?.message).toContain(`process ${holder.pid}`);
    expect(more).toEqual([]);
    // As long as it is short, there is nothing to be said.
    expect(await findingsOf(url, name)).toEqual([]);
    const long = await findingsOf(url, name, [...atOnce, [much, "interval '0'"]]);
    expect(long).toMatchObject([{ level: "error" }]);
    await applyCure(url, found?.cure);
    await expect.poll(async () => findingsOf(url, name, atOnce)).toEqual([]);
    await holder.release();
  },
);

test("a partition whose detaching was interrupted is found, and finalized by the cure", async () => {
  const name = "half_detached_partitions";
  const { sql } = database;
  await sql.unsafe(
    "create table p (a int) partition by list (a); create table p1 partition of p for values in (1)",
  );
  expect(await findingsOf(url, name)).toEqual([]);
  const reader = await holdLock(url, "select * from p");
  await sql.unsafe("set lock_timeout = '10ms'");
  await expect(sql.unsafe("alter table p detach partition p1 concurrently")).rejects.toThrow(
    "lock timeout",
  );
  await sql.unsafe("reset lock_timeout");
  await reader.release();
  const [found] = await findingsOf(url, name);
  expect(found).toMatchObject({
    level: "error",
    object: "public.p1",
    cure: "alter table public.p detach partition public.p1 finalize;",
  });
  await applyCure(url, found?.cure);
  expect(await findingsOf(url, name)).toEqual([]);
  await sql.unsafe("drop table p, p1");
});

test("an index that is being built is no finding; when that was ended in the middle it is, and is dropped", async () => {
  const name = "invalid_indexes";
  const holder = await holdLock(url, "insert into t values (1)");
  const builder = openSession(url);
  const built = builder
    .unsafe("create index concurrently i on t (a)")
    .execute()
    .catch((error: unknown) => error);
  await expect
    .poll(
      async () =>
        database.sql`select from pg_stat_progress_create_index where relid = 't'::regclass`,
    )
    .toHaveLength(1);
  expect(await findingsOf(url, name)).toEqual([]);
  const role = await createRole();
  const asRole = urlOf({ database: database.name, user: role, password: "secret" });
  expect(await examineOnly(asRole, name)).toMatchObject({
    findings: [],
    notChecked: [{ name, cure: `grant pg_read_all_stats to ${role};` }],
  });
  await database.sql`select pg_cancel_backend(pid) from pg_stat_progress_create_index where relid = 't'::regclass`;
  expect(await built).toMatchObject({
    message: expect.stringContaining("canceling") as string,
  });
  const [found] = await findingsOf(url, name);
  expect(found).toMatchObject({ level: "warning", object: "public.i" });
  await holder.release();
  await applyCure(url, found?.cure);
  expect(await findingsOf(url, name)).toEqual([]);
  await database.sql.unsafe("drop index i");
});

test("what is locked, and what would take too many locks, is not looked at, but said", async () => {
  await database.sql.unsafe("create sequence q as integer");
  const holder = await holdLock(url, "alter sequence q cache 2");
  expect(await examineOnly(url, "sequences_near_end")).toMatchObject({
    findings: [],
    notChecked: [
      {
        name: "sequences_near_end",
        reason: "another session has locked what it reads",
        cure: null,
      },
    ],
  });
  await holder.release();
  expect(await findingsOf(url, "sequences_near_end")).toEqual([]);
  await database.sql.unsafe("create sequence r as integer");
  const limited = await examineOnly(url, "sequences_near_end", [["limit 1000", "limit 1"]]);
  expect(limited.notChecked).toMatchObject([
    { reason: "only the 1 of the largest tables were looked at; left out: 1 of the sequences" },
  ]);
});

test("a check changes nothing, even where a query is made to try", async () => {
  const { notChecked } = await examineOnly(url, "unpopulated_views", [
    ["c.relkind = 'm' and not c.relispopulated", "nextval('public.q') > 0"],
  ]);
  expect(notChecked).toMatchObject([{ reason: expect.stringContaining("read-only") as string }]);
});
