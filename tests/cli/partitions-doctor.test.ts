import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { DoctorResult } from "../../src/partitions/doctor/results.ts";
import { runCli, startCli, type CliResult } from "../support/cli.ts";
import { untilBlocked } from "../support/backends.ts";
import {
  createDatabase,
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../support/database.ts";
import { holdLock } from "../support/lock-holder.ts";

type Finding = DoctorResult["findings"][number];

async function run(database: TestDatabase, ...options: readonly string[]): Promise<CliResult> {
  return runCli(["partitions", "doctor", "--json", "--url", database.url, ...options]);
}

async function doctor(
  database: TestDatabase,
  ...options: readonly string[]
): Promise<DoctorResult> {
  const { stdout, stderr } = await run(database, ...options);
  const document = JSON.parse(stdout) as unknown;
  expect(document, stderr).not.toHaveProperty("error");
  return DoctorResult.parse(document);
}

function only(result: DoctorResult, name: string): Finding[] {
  return result.findings.filter(({ finding }) => finding === name);
}

/** A table with a policy and all partitions that it wants, but for what `change` does to it. */
async function tableWith(change: string, table = plain): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await database.sql.unsafe(table.create);
  await fill(database, table.parent);
  await database.sql.unsafe(change);
  return database;
}

interface Table {
  readonly parent: string;
  readonly create: string;
}

const columns = "id bigint not null, at timestamptz not null, v text, primary key (id, at)";

const plain: Table = {
  parent: "log",
  create: `create table log (${columns}) partition by range (at);
    insert into partition_policies (parent, granularity) values ('log', 'monthly')`,
};

/** Everything about its names that has to be quoted. */
const odd: Table = {
  parent: `"Odd ""schema"""."It's a log"`,
  create: `create schema "Odd ""schema""";
    create table "Odd ""schema"""."It's a log" (${columns.replace("at time", '"At" time').replace(", at)", ', "At")')})
      partition by range ("At");
    insert into partition_policies (parent, granularity)
    values ('"Odd ""schema"""."It''s a log"', 'monthly')`,
};

async function fill({ sql }: TestDatabase, parent: string): Promise<void> {
  const wanted = await sql<{ day: string }[]>`
    select p.lower_bound::date::text as day
    from partition_policies y
    cross join plan_partitions(y.parent, y.granularity, y.ahead) p
    where y.parent = ${parent}::text::regclass and p.state = 'missing'`;
  for (const { day } of wanted)
    await sql`select create_partition(${parent}::text::regclass, 'monthly', ${day}::date)`;
}

/** First day of the month so many months from the present one, in UTC. */
function month(distance: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + distance))
    .toISOString()
    .slice(0, 10);
}

function nameOf(distance: number, table = "log"): string {
  return `${table}_${month(distance).slice(0, 7).replace("-", "_")}`;
}

/** Leaves the partition half detached, as an interrupted DETACH CONCURRENTLY does. */
async function leaveHalfDetached({ url, sql }: TestDatabase, partition: string): Promise<void> {
  const reader = await holdLock(
    url,
    "set transaction isolation level repeatable read; select from log",
  );
  const other = openSession(url);
  const detaching = other
    .unsafe(`alter table log detach partition ${partition} concurrently`)
    .catch(() => {});
  const pid = await untilBlocked(sql, reader.pid);
  await sql`select pg_cancel_backend(${pid})`;
  await detaching;
  await reader.release();
}

/** A default partition, and rows of the months at the given distances in it. */
function strays(...distances: readonly number[]): string {
  return `create table log_default partition of log default;
    update partition_policies set catch_all = 'default';
    ${distances.map((distance) => `insert into log select n, date '${month(distance)}' + n * interval '1 hour', 'row ' || n from generate_series(1, 100) n;`).join("\n")}`;
}

const otherNames = new Set<string>(["foreign_key_lock", "logical_key", "name_length", "no_policy"]);

interface Case {
  readonly finding: string;
  readonly level: string;
  readonly change: string | ((database: TestDatabase) => Promise<void>);
  /** Whether --fix cures it as well as the SQL that is printed. */
  readonly cure: "both" | "sql";
  /** Of the finding, as a pattern; the table itself where it is not given. */
  readonly relation?: string;
}

const longName = "a_table_with_a_name_of_some_length_that_leaves_a_suffix_no_room";

const cases: readonly Case[] = [
  {
    finding: "pending_detach",
    level: "error",
    change: async (database) => {
      await database.sql`select create_partition('log', 'monthly', ${month(-1)}::date)`;
      await leaveHalfDetached(database, nameOf(-1));
    },
    relation: `public.${nameOf(-1)}`,
    cure: "both",
  },
  { finding: "missing", level: "warning", change: `drop table ${nameOf(3)}`, cure: "both" },
  {
    finding: "missing",
    level: "error",
    change: Array.from({ length: 4 }, (_, distance) => `drop table ${nameOf(distance)};`).join(""),
    cure: "both",
  },
  {
    finding: "hole",
    level: "warning",
    change: `select create_partition('log', 'monthly', '${month(-3)}')`,
    cure: "both",
  },
  {
    finding: "hole",
    level: "warning",
    change: `create table bit partition of log for values from ('${month(-2)}') to ('${month(-1)} 12:00+00')`,
    cure: "sql",
  },
  {
    finding: "hole",
    level: "note",
    change: `${strays()} select create_partition('log', 'monthly', '${month(-3)}')`,
    cure: "sql",
  },
  {
    finding: "overlapping",
    level: "error",
    change: `drop table ${nameOf(2)}, ${nameOf(3)};
      create table half partition of log for values from ('${month(2)}') to ('${month(2).slice(0, 8)}15')`,
    cure: "sql",
  },
  {
    finding: "misaligned",
    level: "note",
    // Its columns stand in another order.
    change: `create table whole (v text, at timestamptz not null, id bigint not null);
      alter table log attach partition whole for values from ('${month(-2)}') to ('${month(0)}');
      insert into log values (1, '${month(-1)}')`,
    relation: "public.whole",
    cure: "sql",
  },
  {
    finding: "catch_all_rows",
    level: "error",
    change: strays(-2, -1),
    relation: "public.log_default",
    cure: "both",
  },
  {
    finding: "default_partition",
    level: "note",
    change: strays(),
    relation: "public.log_default",
    cure: "sql",
  },
  {
    finding: "default_partition",
    level: "warning",
    change: `${strays()} update partition_policies set retain = '1 year'`,
    relation: "public.log_default",
    cure: "sql",
  },
  {
    finding: "detached_orphan",
    level: "warning",
    change: `alter table log detach partition ${nameOf(1)}`,
    relation: `public.${nameOf(1)}`,
    cure: "sql",
  },
  {
    finding: "detached_orphan",
    level: "warning",
    change: async ({ sql }) => {
      await sql.unsafe(`alter table log detach partition ${nameOf(1)} concurrently`);
      await sql.unsafe(`alter table ${nameOf(1)} rename to archived`);
    },
    relation: "public.archived",
    cure: "sql",
  },
  {
    finding: "retired_not_dropped",
    level: "note",
    change: `update partition_policies set retain = '1 year', retain_mode = 'drop';
      create table log_2020_01 (like log);
      insert into retired_partitions (relation, name, parent, lower_bound, upper_bound, detached_at)
      values ('log_2020_01'::regclass, 'public.log_2020_01', 'public.log', '2020-01-01', '2020-02-01', now() - interval '8 days')`,
    relation: "public.log_2020_01",
    cure: "sql",
  },
  ...[
    "grant select, insert on log to pg_monitor; update partition_policies set inherit_privileges = true",
    "alter table log enable row level security",
    "alter table log force row level security; update partition_policies set row_security = 'inherit'",
    "create policy mine on log for select to public using (v = current_user); update partition_policies set row_security = 'inherit'",
    `create policy mine on log for select using (true); create policy mine on ${nameOf(0)} for select using (false); update partition_policies set row_security = 'inherit'`,
    "alter table log replica identity full",
    "alter table log replica identity using index log_pkey",
    "alter table only log alter column v set statistics 500",
    "update partition_policies set storage_parameters = '{fillfactor=90}'",
    "alter table log owner to pg_monitor",
  ].map((change): Case => ({ finding: "property_drift", level: "warning", change, cure: "both" })),
  {
    finding: "parent_not_analyzed",
    level: "warning",
    change: `insert into log values (1, now()); analyze ${nameOf(0)}`,
    cure: "both",
  },
  {
    finding: "invalid_index",
    level: "warning",
    change: "create index log_v on only log (v) where v <> 'on only public.log'",
    relation: "public.log_v",
    cure: "sql",
  },
  {
    finding: "policy_without_table",
    level: "warning",
    change:
      "create table gone (at date) partition by range (at); insert into partition_policies (parent, granularity) values ('gone', 'daily'); drop table gone",
    relation: String.raw`\d+`,
    cure: "sql",
  },
  {
    finding: "policy_invalid",
    level: "error",
    change:
      "create table listed (at date) partition by list (at); insert into partition_policies (parent, granularity) values ('listed', 'daily')",
    relation: "public.listed",
    cure: "sql",
  },
  {
    finding: "no_policy",
    level: "note",
    change:
      "create table other (at date) partition by range (at); create table other_2020 partition of other for values from ('2020-01-01') to ('2021-01-01')",
    relation: "public.other",
    cure: "sql",
  },
  ...[
    { level: "error", days: 3 },
    { level: "warning", days: 30 },
  ].map(({ level, days }): Case => ({
    finding: "conversion_prepared",
    level,
    change: async ({ url, sql }) => {
      await sql`create table visit (id bigint generated always as identity primary key, at timestamptz not null)`;
      const cut = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
      const options = ["--by", "at", "--granularity", "daily", "--cut-at", cut, "--prepare"];
      const prepared = await runCli(["partitions", "convert", "visit", "--url", url, ...options]);
      expect(prepared).toMatchObject({ exitCode: 0 });
    },
    relation: "public.visit",
    cure: "sql",
  })),
];

async function prepare({ change }: Case): Promise<TestDatabase> {
  const database = await tableWith(typeof change === "string" ? change : "");
  if (typeof change === "function") await change(database);
  return database;
}

test.each(cases)("$finding of level $level goes with the SQL that is printed", async (given) => {
  const { finding, level, relation = "public.log" } = given;
  const database = await prepare(given);
  const found = only(await doctor(database), finding);
  expect(found[0]).toMatchObject({ finding, level });
  expect(found[0]?.relation).toMatch(new RegExp(`^${relation}$`));
  for (const { statements } of found) {
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) await database.sql.unsafe(statement);
  }
  expect(only(await doctor(database), finding)).toEqual([]);
});

test("a table that is prepared to be converted says from when on it refuses rows", async () => {
  const database = await tableWith("");
  await database.sql`create table visit (id bigint primary key, at timestamptz not null)`;
  const options = ["--by", "at", "--granularity", "daily", "--cut-at", "2990-01-01", "--prepare"];
  const args = ["partitions", "convert", "visit", "--url", database.url, ...options];
  expect(await runCli(args)).toMatchObject({ exitCode: 0 });
  await database.sql.unsafe(`alter database ${database.name} set timezone = 'Asia/Tokyo'`);
  expect(only(await doctor(database), "conversion_prepared")).toMatchObject([
    {
      problem: `Table "visit" is prepared to be converted, and refuses rows whose "at" is of 2990-01-01 or later.`,
      consequence: expect.stringContaining("Inserts fail from then on.") as string,
    },
  ]);
});

test("the SQL for a default partition does not drop a row that comes before it is run", async () => {
  const { sql, ...rest } = await tableWith(strays());
  const [found] = only(await doctor({ sql, ...rest }), "default_partition");
  await sql.unsafe(`insert into log values (1, '${month(-2)}')`);
  const running = async (): Promise<void> => {
    for (const statement of found?.statements ?? []) await sql.unsafe(statement);
  };
  await expect(running()).rejects.toMatchObject({ code: "55P03" });
  expect(await sql`select id from log_default`).toEqual([{ id: "1" }]);
});

const fixable = cases.filter(({ cure }) => cure === "both");

test.each(fixable)("$finding of level $level goes with --fix", async (given) => {
  const { finding } = given;
  const database = await prepare(given);
  const command = "doramaflix-db partitions doctor --fix --parent public.log";
  expect(only(await doctor(database), finding)).toMatchObject([{ command }]);
  const fixed = await doctor(database, "--fix", "--yes");
  expect(fixed.repairs.length).toBeGreaterThan(0);
  expect(fixed.repairs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
  expect(only(fixed, finding)).toEqual([]);
  expect(await doctor(database, "--fix", "--yes")).toMatchObject({ repairs: [] });
});

test("a table as it is to be has no finding but notes of what it is", async () => {
  const database = await tableWith("");
  const result = await doctor(database);
  expect(result.findings.filter(({ finding }) => !otherNames.has(finding))).toEqual([]);
  expect(await run(database, "--exit-code")).toMatchObject({ exitCode: 0 });
  await database.sql.unsafe(`drop table ${nameOf(3)}`);
  expect(await run(database)).toMatchObject({ exitCode: 0 });
  expect(await run(database, "--exit-code")).toMatchObject({ exitCode: 1 });
});

test("notes: names of 2030, keys, locks of foreign keys", async () => {
  const { sql, ...rest } = await createDatabaseWithEngine();
  const database = { sql, ...rest };
  await sql.unsafe(`create table users (id bigint primary key);
    create table ${longName} (user_id bigint references users, episode bigint, at date, primary key (user_id, episode, at)) partition by range (at);
    insert into partition_policies (parent, granularity, ahead) values ('${longName}', 'yearly', 0)`);
  await doctor(database, "--fix", "--yes");
  const { findings } = await doctor(database);
  expect(findings.map(({ finding, level }) => [finding, level])).toEqual([
    ["foreign_key_lock", "note"],
    ["logical_key", "note"],
    ["name_length", "note"],
  ]);
  expect(findings[0]?.problem).toContain('"users"');
  await sql.unsafe("insert into users values (1)");
  const year = new Date().getUTCFullYear();
  await sql.unsafe(
    `insert into ${longName} values (1, 1, '${year}-01-01'), (1, 1, '${year}-02-01')`,
  );
  expect(only(await doctor(database), "logical_key")).toMatchObject([{ level: "note" }]);
  expect(only(await doctor(database, "--duplicates"), "logical_key")).toMatchObject([
    { level: "warning", detail: { keys: 1, superfluous: 1 } },
  ]);
});

describe("a table with capitals and quotes in another schema", () => {
  test("is found by its name, and fixed", async () => {
    const database = await tableWith(
      `create table "Odd ""schema"""."The ""rest""" partition of "Odd ""schema"""."It's a log" default;
       update partition_policies set catch_all = 'default', storage_parameters = '{fillfactor=80}', row_security = 'inherit';
       alter table "Odd ""schema"""."It's a log" enable row level security;
       alter table only "Odd ""schema"""."It's a log" alter column v set statistics 77;
       create policy "My ""own""" on "Odd ""schema"""."It's a log" using (v <> 'it''s');
       insert into "Odd ""schema"""."It's a log" values (1, '${month(-5)}')`,
      odd,
    );
    const found = await doctor(database, "--parent", odd.parent);
    expect(found.findings.map(({ finding }) => finding)).toEqual(
      expect.arrayContaining(["catch_all_rows", "property_drift"]) as string[],
    );
    const fixed = await doctor(database, "--parent", odd.parent, "--fix", "--yes");
    expect(fixed.repairs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
    expect(fixed.findings.map(({ level }) => level)).not.toContain("error");
    expect(only(fixed, "property_drift")).toEqual([]);
  });

  test("is said to be unknown, or to have no policy", async () => {
    const database = await tableWith("create table other (id int)", odd);
    for (const name of ["It's a log", "a.b.c.d", "other", ""]) {
      const { exitCode, stdout } = await run(database, "--parent", name);
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 2,
        stdout: expect.stringContaining('"POLICY_NOT_FOUND"') as string,
      });
    }
  });
});

/** All rows of a table with where they are; the checksum does not depend on it. */
async function contentOf(sql: postgres.Sql, parent = "log"): Promise<unknown> {
  const [row] = await sql.unsafe(
    `select count(*)::int as rows, sum(hashtextextended(t::text, 0)) as checksum from ${parent} t`,
  );
  return row;
}

describe("moving rows", () => {
  test("a concurrent reader never sees another number of rows, and no update and no insert is lost", async () => {
    const database = await tableWith(strays(-3, -2, -1, 4));
    await database.sql.unsafe("update partition_policies set ahead = 4");
    const [reader, writer] = [openSession(database.url), openSession(database.url)];
    const over = new AbortController();
    const seen = new Set<number>();
    const read = async (): Promise<void> => {
      while (!over.signal.aborted) {
        // One simple query: a prepared one is planned again after each wait.
        const [row] = await reader.unsafe<{ rows: number }[]>(
          "select count(*)::int as rows from log where id <= 100",
        );
        seen.add(row?.rows ?? -1);
      }
    };
    let written = 0;
    const write = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const updated = await writer.unsafe("update log set v = v || '.' where id = 7");
        expect(updated.count).toBe(4);
        await writer.unsafe(
          `insert into log values (${1000 + written}, '${month(-2)} 05:00+00', '')`,
        );
        written += 1;
      }
    };
    const working = Promise.all([read(), write()]);
    const fixed = await doctor(database, "--fix", "--yes");
    over.abort();
    await working;
    expect(fixed.repairs.map(({ action, outcome }) => [action, outcome])).toEqual(
      Array.from({ length: 4 }, () => ["move rows", "done"]),
    );
    expect([...seen]).toEqual([400]);
    const [row] = await database.sql<{ rows: number; dots: number }[]>`
      select count(*)::int as rows, max(length(v) - length(rtrim(v, '.')))::int as dots from log`;
    expect(row).toEqual({ rows: 400 + written, dots: written });
    expect(await database.sql`select from only log_default`).toHaveLength(0);
  });

  test("who comes while the catch-all is locked finds every row afterwards", async () => {
    const { url, sql } = await tableWith(strays(-2));
    const mover = openSession(url);
    await mover.unsafe("begin");
    const [process] = await mover.unsafe<{ pid: number }[]>("select pg_backend_pid() as pid");
    await mover.unsafe(`select move_strays('log', 'monthly', '${month(-2)}')`);
    const waiting = [
      "select count(*)::int as answer from log where id <= 100",
      "update log set v = 'found' where id = 7 returning v as answer",
    ].map((query) => openSession(url).unsafe(query).execute());
    await expect
      .poll(async () => {
        const blocked = await sql`
          select from pg_stat_activity where ${process?.pid ?? 0} = any (pg_blocking_pids(pid))`;
        return blocked.length;
      })
      .toBe(2);
    await mover.unsafe("commit");
    const answers = await Promise.all(waiting);
    expect(answers.map(([row]) => row)).toEqual([{ answer: 100 }, { answer: "found" }]);
  });

  test("a tail is moved on behind each period, in their order", async () => {
    const database = await tableWith("update partition_policies set catch_all = 'tail', ahead = 6");
    const { sql } = database;
    await sql.unsafe(`create table log_tail partition of log for values from ('${month(4)}') to (maxvalue);
      insert into log select n, date '${month(4)}' + n * interval '1 day', n from generate_series(0, 300) n;
      insert into log values (-1, 'infinity', 'never')`);
    const before = await contentOf(sql);
    const fixed = await doctor(database, "--fix", "--yes");
    expect(fixed.repairs.map(({ action, object, outcome }) => [action, object, outcome])).toEqual(
      [4, 5, 6].map((distance) => ["move rows", month(distance), "done"]),
    );
    expect(await contentOf(sql)).toEqual(before);
    // What is later than is wanted stays, and is no more than a note.
    expect(only(fixed, "catch_all_rows")).toMatchObject([
      { level: "note", statements: [], detail: { due: 0, timeless: 1 } },
    ]);
    expect(
      await sql`select kind, lower_bound::text from partitions_of('log') where kind = 'tail'`,
    ).toEqual([{ kind: "tail", lower_bound: `${month(7)} 00:00:00` }]);
  });

  test("rows without a time stay, and are reported", async () => {
    const database = await createDatabaseWithEngine();
    const { sql } = database;
    await sql.unsafe(`create table log (id bigint generated always as identity, at timestamp, twice bigint generated always as (2) stored) partition by range (at);
      insert into partition_policies (parent, granularity, ahead, catch_all) values ('log', 'monthly', 1, 'default');
      create table log_default partition of log default;
      insert into log (at) values (null), ('infinity'), ('-infinity'), ('${month(0)}'), ('0044-03-15 BC'), ('5000-01-01')`);
    const before = await contentOf(sql);
    const fixed = await doctor(database, "--fix", "--yes");
    expect(fixed.repairs.map(({ action, rows }) => [action, rows])).toEqual([
      ["move rows", 1],
      ["create partition", null],
    ]);
    expect(only(fixed, "catch_all_rows")).toMatchObject([
      { level: "note", detail: { rows: 5, timeless: 3 } },
    ]);
    expect(await contentOf(sql)).toEqual(before);
  });

  test("a single old row does not make partitions of all the time since", async () => {
    const database = await tableWith(`${strays()} insert into log values (1, '1970-01-01', '')`);
    const fixed = await doctor(database, "--fix", "--yes");
    expect(fixed.repairs).toMatchObject([{ action: "move rows", object: "1970-01-01", rows: 1 }]);
    expect(await doctor(database, "--fix", "--yes")).toMatchObject({ repairs: [] });
  });

  test("fires no trigger and cascades to nothing", async () => {
    const database = await tableWith(`${strays(-2)}
      create table note (log_id bigint, log_at timestamptz, foreign key (log_id, log_at) references log on delete cascade);
      insert into note select id, at from log;
      create function shout() returns trigger language plpgsql as $$ begin raise 'deleted'; end $$;
      create trigger shout before delete on log for each row execute function shout()`);
    const before = await contentOf(database.sql);
    const { repairs } = await doctor(database, "--fix", "--yes");
    expect(repairs).toMatchObject([{ action: "move rows", rows: 100, outcome: "done" }]);
    expect(await contentOf(database.sql)).toEqual(before);
    expect(
      await database.sql`select from note join log on (id, at) = (log_id, log_at)`,
    ).toHaveLength(100);
    await expect(database.sql`delete from log`).rejects.toThrow("deleted");
  });

  test.each([
    [
      "create trigger shout before delete on log for each row execute function shout()",
      'the trigger "shout" would fire',
    ],
    [
      "create table note (log_id bigint, log_at timestamptz, foreign key (log_id, log_at) references log on delete cascade)",
      'of "public.note" refers to them',
    ],
    ["create rule no_delete as on delete to log_default do instead nothing", "a rule stands"],
  ])("who may not pass triggers by is refused: %s", async (change, reason) => {
    const role = await createRole();
    const database = await tableWith(`${strays(-2)}
      create function shout() returns trigger language plpgsql as $$ begin raise 'deleted'; end $$;
      ${change};
      alter table log owner to ${role}; alter table log_default owner to ${role};
      ${Array.from({ length: 4 }, (_, n) => `alter table ${nameOf(n)} owner to ${role};`).join("")}
      grant create, usage on schema public to ${role};
      grant select on partition_policies, retired_partitions to ${role};
      grant execute on all functions in schema public to ${role}`);
    const before = await contentOf(database.sql);
    const url = urlOf({ database: database.name, user: role, password: "secret" });
    const refused = await run({ ...database, url }, "--fix", "--yes");
    expect(refused.exitCode).toBe(8);
    expect(DoctorResult.parse(JSON.parse(refused.stdout)).repairs).toMatchObject([
      {
        outcome: "failed",
        failure: { sqlState: "DF035", message: expect.stringContaining(reason) as string },
      },
    ]);
    expect(await contentOf(database.sql)).toEqual(before);
  });

  test("row security that hides rows from the user is an error", async () => {
    const role = await createRole();
    const database = await tableWith(
      `${strays(-2)} alter table log_default enable row level security, force row level security`,
    );
    await database.sql
      .unsafe(`alter table log owner to ${role}; alter table log_default owner to ${role};
      ${Array.from({ length: 4 }, (_, n) => `alter table ${nameOf(n)} owner to ${role};`).join("")}
      grant create, usage on schema public to ${role}; grant execute on all functions in schema public to ${role};
      grant select on partition_policies, retired_partitions to ${role}`);
    const mine = openSession(urlOf({ database: database.name, user: role, password: "secret" }));
    await expect(
      mine`select move_strays('log', 'monthly', ${month(-2)}::date)`,
    ).rejects.toMatchObject({ code: "42501" });
    expect(await database.sql`select from log_default`).toHaveLength(100);
  });

  test("a reader in the way is waited for, and one that stays makes only its table fail", async () => {
    const database = await tableWith(`${strays(-2)}
      create table second (${columns}) partition by range (at);
      insert into partition_policies (parent, granularity, ahead) values ('second', 'monthly', 0)`);
    const holder = await holdLock(database.url, "select from log");
    const failing = await run(
      database,
      "--fix",
      "--yes",
      "--lock-timeout",
      "10ms",
      "--lock-retries",
      "1",
    );
    expect(failing.exitCode).toBe(8);
    expect(DoctorResult.parse(JSON.parse(failing.stdout)).repairs).toMatchObject([
      { parent: "public.log", outcome: "failed", failure: { sqlState: "55P03" } },
      { parent: "public.second", outcome: "done" },
    ]);
    const { result } = startCli([
      "partitions",
      "doctor",
      "--fix",
      "--yes",
      "--json",
      "--lock-timeout",
      "20s",
      "--url",
      database.url,
    ]);
    await untilBlocked(database.sql, holder.pid);
    await holder.release();
    expect(await result).toMatchObject({ exitCode: 0 });
    expect(await database.sql`select from log_default`).toHaveLength(0);
  });

  test("a reader who stays when the rows have been moved is named, and the move is not done again for that", async () => {
    const { url, sql } = await tableWith(strays(-2));
    const holder = await holdLock(url, "select from log");
    const moving = sql.unsafe(
      `set lock_timeout = '10ms'; select move_strays('log', 'monthly', '${month(-2)}')`,
    );
    await expect(moving).rejects.toMatchObject({
      code: "DF037",
      detail: expect.stringContaining(
        `process ${holder.pid} holds AccessShareLock on public.log`,
      ) as string,
    });
    await holder.release();
    expect(await sql`select from log_default`).toHaveLength(100);
  });

  test("a time limit of the role does not end a move", async () => {
    const database = await tableWith(strays(-2));
    await database.sql.unsafe(`alter database ${database.name} set statement_timeout = '3s'`);
    const holder = await holdLock(database.url, "select from log");
    const fixing = run(database, "--fix", "--yes", "--lock-timeout", "1min");
    const pid = await untilBlocked(database.sql, holder.pid);
    await expect
      .poll(
        async () =>
          database.sql`
            select from pg_stat_activity where pid = ${pid} and clock_timestamp() - query_start > interval '3.5 s'`,
        { timeout: 30_000 },
      )
      .toHaveLength(1);
    await holder.release();
    expect(await fixing).toMatchObject({ exitCode: 0 });
    expect(await database.sql`select from log_default`).toHaveLength(0);
  });

  test("a table without a catch-all, and a day that is none, are refused", async () => {
    const { sql } = await tableWith("");
    const now = month(0);
    await expect(sql`select move_strays('log', 'monthly', ${now}::date)`).rejects.toMatchObject({
      code: "DF036",
    });
    for (const [granularity, day] of [
      ["monthly", "infinity"],
      ["hourly", now],
    ] as const) {
      const moving = sql.unsafe(`select move_strays('log', '${granularity}', '${day}')`);
      await expect(moving).rejects.toMatchObject({ code: "DF025" });
    }
  });

  test("two at once end well", async () => {
    const database = await tableWith(strays(-3, -2, -1));
    const before = await contentOf(database.sql);
    const results = await Promise.all([1, 2].map(async () => run(database, "--fix", "--yes")));
    expect(results.map(({ exitCode }) => exitCode)).toContain(0);
    expect(await contentOf(database.sql)).toEqual(before);
    expect(only(await doctor(database), "catch_all_rows")).toEqual([]);
  });
});

test("a database without the engine says what to do", async () => {
  const { exitCode, stderr } = await run(await createDatabase());
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("doramaflix-db migrate") as string,
  });
});

test("without --yes and without a terminal nothing is changed", async () => {
  const database = await tableWith(strays(-2));
  const { exitCode, stderr } = await run(database, "--fix");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("100 rows");
  expect(await database.sql`select from log_default`).toHaveLength(100);
});

test("a partition that another session has locked is told, and does not hide the other tables", async () => {
  const database = await tableWith(`create table second (${columns}) partition by range (at);
    insert into partition_policies (parent, granularity, ahead) values ('second', 'monthly', 0)`);
  const holder = await holdLock(database.url, `lock table ${nameOf(0)} in access exclusive mode`);
  const { exitCode, stdout } = await run(database);
  await holder.release();
  const { findings, unexamined } = DoctorResult.parse(JSON.parse(stdout));
  expect(findings.map(({ parent }) => parent)).toContain("public.second");
  expect(exitCode).toBe(unexamined.length > 0 ? 8 : 0);
});

test("the options are checked", async () => {
  const database = await createDatabaseWithEngine();
  for (const option of [
    ["--lock-timeout", "0"],
    ["--lock-timeout", "5"],
    ["--lock-retries", "x"],
  ]) {
    expect(await run(database, ...option)).toMatchObject({ exitCode: 2 });
  }
});
