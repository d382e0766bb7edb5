import { beforeAll, describe, expect, test } from "vitest";
import type { CreateResult, PlanResult, StatusResult } from "../../src/partitions/results.ts";
import { runCli, startCli, type CliResult } from "../support/cli.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  openSession,
  type TestDatabase,
} from "../support/database.ts";
import { createProject, migration } from "../support/project.ts";
import { holdLock } from "../support/lock-holder.ts";

/** A table of viewings with a foreign key, as applications have it. */
const schema = `
  create table users (id int primary key, name text);
  insert into users values (1, 'one'), (2, 'two');
  create table viewings (user_id int not null references users, at timestamptz not null) partition by range (at);
`;

async function createDatabaseWith(policies: string): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await database.sql.unsafe(schema + policies);
  return database;
}

async function partitions({ url }: TestDatabase, ...args: string[]): Promise<CliResult> {
  return runCli(["partitions", ...args, "--url", url]);
}

async function json<Result>(database: TestDatabase, ...args: string[]): Promise<Result> {
  const { stdout } = await partitions(database, ...args, "--json");
  return JSON.parse(stdout) as Result;
}

const monthly =
  "insert into partition_policies (parent, granularity) values ('viewings', 'monthly');";

/** Returns the first day of the month that is so many after the present one. */
function month(offset: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1))
    .toISOString()
    .slice(0, 10);
}

async function partitionsOf({ sql }: TestDatabase, parent: string): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`select partition::text as name
    from partitions_of(${parent}::regclass) order by lower_bound nulls last`;
  return rows.map(({ name }) => name);
}

describe("create", () => {
  test("creates the present partition and those ahead; a second run changes nothing", async () => {
    const database = await createDatabaseWith(monthly);
    const first = await json<CreateResult>(database, "create");
    expect(first.parents).toMatchObject([
      { parent: "public.viewings", failed: [], coveredUntil: `${month(4)}T00:00:00Z` },
    ]);
    expect(first.parents[0]?.created.map(({ from }) => from?.slice(0, 10))).toEqual(
      [0, 1, 2, 3].map(month),
    );
    const again = await partitions(database, "create");
    expect(again).toMatchObject({ exitCode: 0, stderr: "" });
    expect(again.stdout).toBe(
      `Nothing is missing in 1 table of database "${database.name}".\n  viewings: covered until ${month(4)}\n`,
    );
  });

  test("one bad table does not stop the others, and ends with 8", async () => {
    const database = await createDatabaseWith(`
      insert into partition_policies (parent, granularity) values ('users', 'monthly'), ('viewings', 'monthly');`);
    const result = await partitions(database, "create");
    expect(result.exitCode).toBe(8);
    expect(result.stdout).toContain("Created 4 partitions for 2 tables");
    expect(result.stdout).toContain('Table "public.users" is not partitioned.');
    expect(await partitionsOf(database, "viewings")).toHaveLength(4);
  });

  test("rows in the default partition stop one period and not the others", async () => {
    const database = await createDatabaseWith(`
      ${monthly}
      create table viewings_default partition of viewings default;
      insert into viewings values (1, '${month(1)}');`);
    const { parents } = await json<CreateResult>(database, "create");
    expect(parents[0]?.created).toHaveLength(3);
    expect(parents[0]?.failed).toMatchObject([
      { sqlState: "DF023", from: `${month(1)}T00:00:00Z` },
    ]);
  });

  test("creates the tail after the last partition, and moves it on", async () => {
    const database = await createDatabaseWith(
      "insert into partition_policies (parent, granularity, ahead, catch_all) values ('viewings', 'monthly', 1, 'tail');",
    );
    await partitions(database, "create");
    expect((await partitionsOf(database, "viewings")).at(-1)).toBe("viewings_tail");
    const { parents } = await json<CreateResult>(database, "create", "--ahead", "3");
    expect(parents[0]?.created).toHaveLength(2);
    const [tail] =
      await database.sql`select lower_bound::date::text as begins from catch_all_of('viewings')`;
    expect(tail).toEqual({ begins: month(4) });
  });

  test("--fill-holes creates what is missing between two partitions, and nothing else does", async () => {
    const database = await createDatabaseWith(`
      ${monthly}
      select create_monthly_partition('viewings', '${month(-4)}'), create_monthly_partition('viewings', '${month(-1)}');`);
    await partitions(database, "create");
    expect(await partitionsOf(database, "viewings")).toHaveLength(6);
    await partitions(database, "create", "--fill-holes");
    expect(await partitionsOf(database, "viewings")).toHaveLength(8);
  });

  test("finds a table by its name in any schema, with quotes and capitals", async () => {
    const database = await createDatabaseWith(`
      create schema "Other";
      create table "Other"."Watch ""History""" (at date not null) partition by range (at);
      create table "Upper" (at date not null) partition by range (at);
      insert into partition_policies (parent, granularity)
      values ('"Other"."Watch ""History"""', 'yearly'), ('"Upper"', 'yearly');`);
    for (const name of ['"Other"."Watch ""History"""', "Upper", '"Upper"', 'public."Upper"']) {
      expect(await partitions(database, "create", "--parent", name)).toMatchObject({ exitCode: 0 });
    }
    expect(await partitionsOf(database, '"Other"."Watch ""History"""')).toHaveLength(4);
  });

  test.each([
    ["viewings", 'Table "viewings" has no row in partition_policies.'],
    ["nothing", 'There is no table "nothing".'],
    ['a"b.c', 'There is no table "a"b.c".'],
  ])("refuses %s", async (name, message) => {
    const database = await createDatabaseWith("");
    const result = await partitions(database, "create", "--parent", name);
    expect(result).toMatchObject({ exitCode: 2 });
    expect(result.stderr).toContain(`error: ${message} (POLICY_NOT_FOUND)`);
  });

  test("says what to do where there is no engine", async () => {
    const result = await partitions(await createDatabase(), "create");
    expect(result).toMatchObject({ exitCode: 3 });
    expect(result.stderr).toContain("doramaflix-db migrate");
  });
});

/** Lock modes that stop somebody, from the weakest. */
const lockModes = [
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

describe("locks", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabaseWith(monthly);
  });

  test("a lock that another session keeps is waited for a moment at a time, and its holder named", async () => {
    const holder = await holdLock(database.url, "update users set name = 'held' where id = 1");
    const run = startCli(["partitions", "create", "--url", database.url]);
    await new Promise<void>((resolve) => {
      run.child.stderr?.on("data", (text: string) => {
        if (text.includes("attempt 2 of 21")) resolve();
      });
    });
    await holder.release();
    const { exitCode, stderr } = await run.result;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /did not get its locks within 100 ms \(attempt 1 of 21\); trying again in \d+ ms\./,
    );
    expect(stderr).toMatch(
      new RegExp(
        `Process ${holder.pid} \\(user "\\w+", .*idle in transaction.*\\) holds RowExclusiveLock on users: update users`,
      ),
    );
  });

  test("a lock that never comes ends the table with 8, after as many attempts as were asked for", async () => {
    const holder = await holdLock(database.url, "update users set name = 'held' where id = 1");
    const { exitCode, stdout, stderr } = await partitions(
      database,
      "create",
      "--ahead",
      "9",
      "--lock-retries",
      "1",
      "--lock-timeout",
      "20ms",
    );
    await holder.release();
    expect(exitCode).toBe(8);
    expect(stdout).toContain("canceling statement due to lock timeout");
    expect(stderr).toContain("attempt 1 of 2");
    expect(stderr).not.toContain("attempt 2 of 2");
  });

  test("the plan names them, and who is in the way", async () => {
    const holder = await holdLock(database.url, "update users set name = 'held' where id = 1");
    const { parents } = await json<PlanResult>(database, "plan", "--ahead", "9");
    await holder.release();
    const users = parents[0]?.locks.find(({ relation }) => relation === "public.users");
    expect(users).toMatchObject({
      statement: "ATTACH PARTITION",
      mode: "ShareRowExclusiveLock",
      sessions: [{ processId: holder.pid, mode: "RowExclusiveLock", state: "idle in transaction" }],
    });
  });

  const ratings =
    "create table ratings (user_id int, at timestamptz, foreign key (user_id, at) references viewings);";
  const stray = "insert into viewings values (1, 'infinity');";

  test.each([
    ["none", ratings],
    ["tail", ""],
    ["tail", stray],
    ["tail", ratings],
    ["default", ratings + stray],
  ])(
    "those of the plan are those that are taken, with a catch-all of %s %s",
    async (kind, more) => {
      const own = await createDatabaseWith(`
      alter table viewings add primary key (user_id, at);
      insert into partition_policies (parent, granularity, catch_all) values ('viewings', 'monthly', '${kind}');`);
      await partitions(own, "create");
      await own.sql.unsafe(more);
      const { parents } = await json<PlanResult>(own, "plan", "--ahead", "4");
      const planned = new Map<string, Set<string>>();
      for (const { relation, mode } of parents[0]?.locks ?? []) {
        planned.set(relation, (planned.get(relation) ?? new Set()).add(mode));
      }
      const taken = await own.sql.begin(async (sql) => {
        await sql`select create_partition('viewings', 'monthly', ${month(4)}::text::date)`;
        return sql<{ relation: string; mode: string }[]>`
        select format('%s.%s', c.relnamespace::regnamespace, c.relname) as relation, l.mode
        from pg_locks l join pg_class c on c.oid = l.relation
        where l.pid = pg_backend_pid() and c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and c.relname in ('users', 'viewings', 'ratings', 'viewings_tail', 'viewings_default')
          and l.mode not in ('AccessShareLock', 'RowShareLock')`;
      });
      for (const { relation } of taken) {
        const strongest = taken
          .filter((lock) => lock.relation === relation)
          .map(({ mode }) => mode)
          .toSorted((one, other) => lockModes.indexOf(one) - lockModes.indexOf(other))
          .at(-1);
        expect(planned.get(relation), relation).toContain(strongest);
      }
      const expected = [...planned].flatMap(([relation, locked]) =>
        [...locked].map((mode) => ({ relation, mode })),
      );
      expect([...taken]).toEqual(
        expect.arrayContaining(expected.filter(({ mode }) => mode !== "AccessShareLock")),
      );
    },
  );

  test("the statements of the plan, run by hand, make the same partition", async () => {
    const own = await createDatabaseWith(monthly);
    const { parents } = await json<PlanResult>(own, "plan", "--ahead", "0");
    const [missing] = parents[0]?.missing ?? [];
    for (const statement of missing?.statements ?? []) await own.sql.unsafe(statement);
    expect(await partitions(own, "plan", "--ahead", "0", "--exit-code")).toMatchObject({
      exitCode: 0,
      stdout: "viewings: nothing is missing\n",
    });
  });
});

describe("status", () => {
  test("says how far each table is covered, and exits as monitoring asks", async () => {
    const database = await createDatabaseWith(monthly);
    const codes = async (...args: string[]): Promise<number | null> =>
      (await partitions(database, "status", ...args)).exitCode;
    expect(await codes()).toBe(0);
    expect(await codes("--exit-code")).toBe(1);
    expect(await codes("--min-runway", "1d")).toBe(1);
    await partitions(database, "create");
    expect(await codes("--exit-code", "--min-runway", "45d")).toBe(0);
    expect(await codes("--min-runway", "200d")).toBe(1);
    expect(await codes("--min-runway", "soon")).toBe(2);
    const { parents } = await json<StatusResult>(database, "status");
    expect(parents).toMatchObject([
      { parent: "public.viewings", coveredUntil: `${month(4)}T00:00:00Z`, gaps: [], strays: [] },
    ]);
    expect(parents[0]?.partitions).toHaveLength(4);
  });

  test("counts strays by the period that they block", async () => {
    const database = await createDatabaseWith(`
      ${monthly}
      create table viewings_default partition of viewings default;
      insert into viewings values (1, '${month(1)}'), (2, '${month(1)}'), (1, 'infinity');`);
    await partitions(database, "create");
    const { parents } = await json<StatusResult>(database, "status");
    expect(parents[0]?.strays).toEqual([
      {
        partition: "public.viewings_default",
        from: `${month(1)}T00:00:00Z`,
        to: `${month(2)}T00:00:00Z`,
        rows: 2,
        due: true,
      },
      { partition: "public.viewings_default", from: null, to: null, rows: 1, due: false },
    ]);
    const { exitCode, stdout } = await partitions(database, "status", "--exit-code");
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"viewings_default" has 2 rows that block');
    expect(await partitions(database, "doctor", "--fix", "--yes")).toMatchObject({ exitCode: 0 });
    await database.sql.unsafe(`insert into viewings values (1, '${month(40)}')`);
    const left = await partitions(database, "status", "--exit-code");
    expect(left.exitCode).toBe(0);
    expect(left.stdout).toContain(
      `"viewings_default" has 1 row of ${month(40)} to ${month(41)}, for which no partition is wanted yet`,
    );
    expect(left.stdout).toContain("1 row that belong in no period: to be corrected by hand");
    expect(left.stdout).not.toContain("doctor --fix");
  });

  test("names tables that are partitioned by time and have no policy", async () => {
    const database = await createDatabaseWith("");
    expect((await partitions(database, "status")).stdout).toContain(
      "Without a row in partition_policies: viewings.",
    );
  });

  test(
    "reads 3,000 partitions without exhausting the lock table",
    { timeout: 180_000 },
    async () => {
      const database = await createDatabaseWith(`
      insert into partition_policies (parent, granularity) values ('viewings', 'daily');
      create procedure create_all() language plpgsql as $$
      declare
        day timestamp;
      begin
        for day in select generate_series(current_date - 2990, current_date + 9, '1 day') loop
          execute format('create table viewings_%s partition of viewings for values from (%L) to (%L)',
            to_char(day, 'YYYY_MM_DD'), day at time zone 'UTC', (day + interval '1 day') at time zone 'UTC');
          commit;
        end loop;
      end $$;`);
      await database.sql.unsafe("call create_all()");
      expect(await database.sql`show max_locks_per_transaction`).toEqual([
        { max_locks_per_transaction: "64" },
      ]);
      const { parents } = await json<StatusResult>(database, "status");
      expect(parents[0]?.failed).toBeNull();
      expect(parents[0]?.partitions).toHaveLength(3000);
      expect(await partitions(database, "doctor")).toMatchObject({ exitCode: 0 });
    },
  );

  test("shows a partition that is half detached", async () => {
    const database = await createDatabaseWith(monthly);
    await partitions(database, "create");
    const reader = openSession(database.url);
    await reader`begin isolation level repeatable read`;
    await reader`select count(*) from viewings`;
    const [name = ""] = await partitionsOf(database, "viewings");
    const detaching = openSession(database.url);
    await detaching`set lock_timeout = '100ms'`;
    await expect(
      detaching.unsafe(`alter table viewings detach partition ${name} concurrently`),
    ).rejects.toMatchObject({ code: "55P03" });
    await reader`rollback`;
    const { exitCode, stdout } = await partitions(database, "status", "--exit-code");
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`"${name}" is half detached`);
    expect(stdout).toContain("the present period has no partition");
  });
});

test("a procedure does the same in the database", async () => {
  const database = await createDatabaseWith(`
    insert into partition_policies (parent, granularity, catch_all) values ('viewings', 'monthly', 'default'), ('users', 'monthly', 'none');`);
  await expect(database.sql.unsafe("call create_partitions()")).rejects.toMatchObject({
    code: "DF026",
  });
  expect(await partitionsOf(database, "viewings")).toHaveLength(5);
  await database.sql`delete from partition_policies where parent = 'users'::regclass`;
  await database.sql.unsafe("call create_partitions()");
});

test("migrate ends with creating what the migrations asked for", async () => {
  const database = await createDatabase();
  const project = await createProject({ "migrations/001_a.sql": migration(schema + monthly) });
  const run = async (): Promise<CliResult> =>
    runCli(["migrate", "--url", database.url, "--project", project]);
  expect((await run()).stdout).toContain("Created 4 partitions.");
  await database.sql.unsafe(`drop table ${(await partitionsOf(database, "viewings"))[0] ?? ""}`);
  expect((await run()).stdout).toContain("Created 1 partition.");
});
