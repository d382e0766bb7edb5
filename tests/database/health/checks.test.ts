// Of every check that needs no server of its own: nothing is found, then there is a true case, which is found, and after
// its cure nothing is found again.
import { beforeAll, describe, expect, test } from "vitest";
import { checks } from "../../../src/health/checks.ts";
import type { Finding } from "../../../src/health/results.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";
import { applyCure, findingsOf, type Threshold } from "../../support/health.ts";

interface Case {
  readonly name: string;
  readonly title: string;
  /** What is there before and is no finding. */
  readonly given?: string;
  /** What makes it one; each statement by itself. */
  readonly build: readonly string[];
  readonly thresholds?: readonly Threshold[];
  readonly found: Partial<Finding>;
  /** What has to be done before the cure. */
  readonly before?: readonly string[];
  /** Where the finding has none. */
  readonly cure?: string;
}

const numbers = "generate_series(1, 30000)";

// A new table is as old as the oldest transaction of the whole server, which may be one of a test beside this one; VACUUM
// looks at those of this database.
const bornFrozen = "create table t (a int);\nvacuum (freeze) t";

const cases: readonly Case[] = [
  {
    name: "wraparound",
    title: "a table that was not frozen for long",
    given: bornFrozen,
    build: [
      "do $$ begin for i in 1..1500 loop begin insert into t values (i); exception when others then null; end; end loop; end $$",
    ],
    thresholds: [
      ["greatest(500000000, current_setting('autovacuum_freeze_max_age')::bigint * 5 / 4)", "1200"],
    ],
    found: { level: "warning", object: "public.t", cure: "vacuum (freeze) public.t;" },
  },
  {
    name: "wraparound",
    title: "a table in danger before autovacuum is to freeze it",
    given: bornFrozen,
    build: [
      "do $$ begin for i in 1..1500 loop begin insert into t values (i); exception when others then null; end; end loop; end $$",
    ],
    thresholds: [
      ["current_setting('autovacuum_freeze_max_age')::bigint", "2000000000::bigint"],
      ["(1000000000)", "(1200)"],
    ],
    found: { level: "error", object: "public.t", cure: "vacuum (freeze) public.t;" },
  },
  {
    name: "sequences_near_end",
    title: "a serial column",
    given: "create table t (id serial)",
    build: ["select setval('t_id_seq', 2000000000)"],
    found: {
      level: "error",
      object: "public.t_id_seq",
      message: 'at 2000000000 of 2147483647 (93 %), for "t.id" of type integer',
    },
  },
  {
    name: "sequences_near_end",
    title: "an identity column",
    given: "create table t (id smallint generated always as identity)",
    build: ["select setval('t_id_seq', 25000)"],
    found: { level: "warning", object: "public.t_id_seq" },
  },
  {
    name: "sequences_near_end",
    title: "an integer column that takes its numbers from a bigint sequence",
    given: "create sequence q; create table t (id integer default nextval('q'))",
    build: ["select setval('q', 2100000000)"],
    found: {
      level: "error",
      object: "public.q",
      cure: "alter table public.t alter column id type bigint;",
    },
  },
  {
    name: "sequences_near_end",
    title: "a sequence without a column",
    given: "create sequence q maxvalue 100",
    build: ["select setval('q', 80)"],
    found: { level: "warning", object: "public.q", message: "at 80 of 100 (80 %)" },
  },
  {
    name: "missing_partitions",
    title: "a table with a policy and no partition",
    given: "create table t (at timestamptz not null) partition by range (at)",
    build: ["insert into partition_policies (parent, granularity) values ('t', 'monthly')"],
    found: { level: "error", object: "public.t" },
  },
  {
    name: "missing_partitions",
    title: "a table whose name a shell would not take as one word",
    given: 'create table "my T" (at timestamptz not null) partition by range (at)',
    build: [`insert into partition_policies (parent, granularity) values ('"my T"', 'monthly')`],
    found: {
      level: "error",
      object: 'public."my T"',
      cure: `doramaflix-db partitions create --parent 'public."my T"'`,
    },
  },
  {
    name: "catch_all_rows",
    title: "rows of the next month",
    given: `create table "my T" (at timestamptz not null) partition by range (at);
      insert into partition_policies (parent, granularity, catch_all) values ('"my T"', 'monthly', 'tail');
      select create_monthly_partition('"my T"', current_date), create_catch_all('"my T"')`,
    build: [`insert into "my T" values (now() + interval '1 month'), (now() + interval '1 month')`],
    found: {
      level: "error",
      object: 'public."my T_tail"',
      message: '2 rows of "my T", 2 of periods that should have a partition',
    },
  },
  {
    name: "catch_all_rows",
    title: "rows of a far year are a note",
    given: `create table t (at timestamptz not null) partition by range (at);
      insert into partition_policies (parent, granularity, catch_all) values ('t', 'monthly', 'tail');
      select create_monthly_partition('t', current_date), create_catch_all('t')`,
    build: ["insert into t values ('2999-01-01')"],
    found: { level: "note", cure: null },
    cure: "delete from t",
  },
  {
    name: "unpopulated_views",
    title: "a view without data",
    build: ["create materialized view v as select 1 as a with no data"],
    found: { level: "error", object: "public.v", cure: "refresh materialized view public.v;" },
  },
  {
    name: "stale_views",
    title: "a view that is older than its policy allows",
    given: `create materialized view v as select 1 as a; insert into matview_policies (view_name, every) values ('v', '1 hour');
      insert into matview_refreshes (schema_name, view_name, started_at) values ('public', 'v', now() - interval '100 min');
      update matview_refreshes set unchanged_at = now() - interval '50 min'`,
    build: [
      "update matview_refreshes set unchanged_at = null",
      "insert into matview_refreshes (schema_name, view_name, started_at) values ('public', 'v', now() - interval '90 min')",
    ],
    found: { level: "warning", object: "public.v", message: "90 min old, 60 min allowed" },
  },
  {
    name: "stale_views",
    title: "a view whose last refresh failed",
    given: `create materialized view v as select 1 as a; insert into matview_policies (view_name, every) values ('v', '1 hour');
      insert into matview_refreshes (schema_name, view_name, started_at) values ('public', 'v', now() - interval '30 min')`,
    build: [
      "insert into matview_refreshes (schema_name, view_name, started_at, error) values ('public', 'v', now() - interval '1 min', 'no')",
    ],
    found: {
      level: "error",
      object: "public.v",
      message: "30 min old, 60 min allowed; the last refresh failed: no",
    },
  },
  {
    name: "autovacuum_off",
    title: "partitions",
    given: `create table t (a int) partition by list (a); create table t1 partition of t for values in (1);
      create table t2 partition of t for values in (2)`,
    build: [
      "alter table t1 set (autovacuum_enabled = off)",
      "alter table t2 set (autovacuum_enabled = false)",
    ],
    found: { level: "warning", object: "public.t", message: "autovacuum is off for 2 partitions" },
  },
  {
    name: "dead_rows",
    title: "rows that were deleted",
    given: `create table t (a int) with (autovacuum_enabled = off); insert into t select ${numbers}`,
    build: ["delete from t where a > 10000"],
    found: { level: "warning", object: "public.t", cure: "vacuum (analyze) public.t;" },
  },
  {
    name: "missing_statistics",
    title: "a table that was never analyzed",
    given: "create table t (a int) with (autovacuum_enabled = off)",
    build: [`insert into t select ${numbers}`],
    found: { level: "warning", object: "public.t", cure: "analyze public.t;" },
  },
  {
    name: "missing_statistics",
    title: "a table that has changed",
    given: `create table t (a int) with (autovacuum_enabled = off);\ninsert into t select ${numbers};\nanalyze t`,
    build: ["update t set a = 0"],
    thresholds: [["interval '10 minutes'", "interval '0'"]],
    found: { level: "warning", object: "public.t", cure: "analyze public.t;" },
  },
  {
    name: "missing_statistics",
    title: "a partitioned table whose partitions alone were analyzed",
    given: `create table t (a int) partition by range (a);
      create table t1 partition of t for values from (0) to (100000) with (autovacuum_enabled = off)`,
    build: [`insert into t select ${numbers}`, "analyze t1"],
    found: {
      level: "warning",
      object: "public.t",
      message: "never analyzed as a whole, with 30.0k rows",
    },
  },
  {
    name: "tables_without_replica_identity",
    title: "a published table without a key",
    given: "create table t (a int); create publication p",
    build: ["alter publication p add table t"],
    found: {
      level: "error",
      object: "public.t",
      cure: "alter table public.t replica identity full;",
    },
  },
  {
    name: "tables_without_replica_identity",
    title: "partitions of a published table",
    given: `create table t (a int) partition by list (a); create table t1 partition of t for values in (1);
      create table t2 partition of t for values in (2)`,
    build: ["create publication p for table t"],
    found: {
      level: "error",
      object: "public.t",
      message: "no replica identity in 2 partitions",
    },
  },
  {
    name: "disabled_triggers",
    title: "a trigger of a partitioned table, told once",
    given: `create table t (a int) partition by list (a); create table t1 partition of t for values in (1);
      create function f() returns trigger language plpgsql as 'begin return null; end';
      create trigger g after insert on t for each row execute function f()`,
    build: ["alter table t disable trigger g"],
    found: { level: "warning", object: "public.t.g" },
  },
  {
    name: "disabled_triggers",
    title: "foreign keys that are not enforced",
    given: "create table o (a int primary key); create table t (a int references o)",
    build: ["alter table t disable trigger all"],
    found: {
      level: "error",
      object: "public.t",
      message: "1 foreign key not enforced",
      // Those of the key, and no other that may be disabled on purpose.
      cure: expect.stringMatching(
        /^(alter table public\.t enable trigger "RI_ConstraintTrigger_c_\d+";\n?){2}$/,
      ) as string,
    },
  },
  {
    name: "not_validated_constraints",
    title: "a check of a partitioned table, told once",
    given: `create table t (a int) partition by list (a); create table t1 partition of t for values in (1)`,
    build: ["alter table t add constraint c check (a > 0) not valid"],
    found: { level: "warning", object: "public.t.c" },
  },
  {
    name: "not_validated_constraints",
    title: "a check of a domain",
    given: "create domain d as int",
    build: ["alter domain d add constraint c check (value > 0) not valid"],
    found: { level: "warning", object: "public.d.c" },
  },
  {
    name: "unlogged_tables",
    title: "a table",
    build: ["create unlogged table t (a int)"],
    found: { level: "warning", object: "public.t", cure: "alter table public.t set logged;" },
  },
  {
    name: "tables_without_primary_key",
    title: "a partitioned table, told once",
    build: [
      "create table t (a int not null) partition by list (a)",
      "create table t1 partition of t for values in (1)",
    ],
    found: { level: "note", object: "public.t", cure: null },
    cure: "alter table t add primary key (a)",
  },
  {
    name: "invalid_indexes",
    title: "a unique index that could not be built",
    given: "create table t (a int); insert into t values (1), (1)",
    build: ["create unique index concurrently i on t (a) -- fails"],
    found: { level: "warning", object: "public.i", message: 'unique index of "t"' },
    before: ["delete from t"],
  },
  {
    name: "invalid_indexes",
    title: "an index that partitions lack",
    given: `create table t ("A" int, b text) partition by list ("A"); create table t1 partition of t for values in (1);
      create table "T 2" partition of t for values in (2) partition by list (b); create table t3 partition of "T 2" default`,
    build: [`create index "an index" on only t (lower(b), "A") where b <> ''`],
    found: {
      level: "warning",
      object: 'public."an index"',
      message: 'index of "t", which 2 partitions of it lack',
    },
  },
  {
    name: "foreign_keys_without_index",
    title: "a foreign key of a partitioned table, told once; a primary key covers another",
    given: `create table o (a int primary key, b int unique);
      create table t (a int references o, b int references o (b), primary key (b, a)) partition by list (b);
      create table t1 partition of t for values in (1); create index on t (a)`,
    build: ["drop index t_a_idx"],
    found: {
      level: "note",
      object: "public.t.t_a_fkey",
      cure: "create index on public.t (a);",
    },
  },
  {
    name: "foreign_keys_without_index",
    title:
      "a foreign key of two columns; an index that begins with them in another order covers it",
    given: `create table o (a int, b int, primary key (a, b)); create index i on o (b, a);
      create table t (a int, b int, c int, foreign key (a, b) references o); create index k on t (b, a, c)`,
    build: ["drop index k"],
    found: { level: "note", cure: "create index concurrently on public.t (a, b);" },
  },
  {
    name: "foreign_keys_without_index",
    title: "an index of some rows; one of all that refer to something covers it",
    given: `create table o (a int primary key); create table t (a int references o, b int);
      create index i on t (a) where a is not null`,
    build: ["drop index i; create index i on t (a) where b is not null"],
    found: { level: "note", cure: "create index concurrently on public.t (a);" },
  },
  {
    name: "missing_indexes",
    title: "a table that is read whole",
    given: `create table t (a int); insert into t select ${numbers}`,
    build: ["select count(*) from t where a = 7", "select count(*) from t where a = 8"],
    thresholds: [
      ["sum(s.seq_scan) >= 1000", "sum(s.seq_scan) >= 2"],
      ["10000 * sum", "10 * sum"],
    ],
    found: { level: "warning", object: "public.t", cure: null },
    cure: "select pg_stat_reset_single_table_counters('t'::regclass)",
  },
  {
    name: "duplicate_indexes",
    title: "one that the primary key equals",
    given: "create table t (a int primary key, b int)",
    build: ["create index i on t (a)"],
    found: { level: "warning", object: "public.i" },
  },
  {
    name: "duplicate_indexes",
    title: "expressions that were written at other places",
    given: "create table t (a text, b text); create index i on t (lower(a)) where b is not null",
    build: ["create  index   k on t (lower( a ))   where b is not null"],
    found: { level: "warning", object: "public.k", cure: "drop index concurrently public.k;" },
  },
  {
    name: "duplicate_indexes",
    title: "one that another begins with, on a partitioned table, told once",
    given: `create table t (a int, b int) partition by list (a); create table t1 partition of t for values in (1);
      create index i on t (a, b); create index on t (a desc); create index on t (b)`,
    build: ["create index k on t (a)"],
    found: {
      level: "note",
      object: "public.k",
      cure: "drop index public.k;",
      message: 'the beginning of "i", 8 kB',
    },
  },
  {
    name: "unused_indexes",
    title: "one of a partitioned table that no partition uses",
    given: `create table t (a int, b int unique, primary key (a)); insert into t select n, n from ${numbers} n;`,
    build: ["create index i on t (b, a)"],
    thresholds: [["10 * 1024 ^ 2", "8192"]],
    found: { level: "note", object: "public.i", cure: "drop index concurrently public.i;" },
  },
  ...["drop index public.i;", "set enable_seqscan = off;\nselect * from t1 where b = 7;"].map(
    (cure): Case => ({
      name: "unused_indexes",
      title: `one of a partitioned table, until ${cure.slice(0, 3)}`,
      given: `create table t (a int, b int) partition by list (a);
        create table t1 partition of t for values in (1); create table t2 partition of t for values in (2);
        insert into t select 1 + n % 2, n from ${numbers} n`,
      build: ["create index i on t (b)"],
      thresholds: [["10 * 1024 ^ 2", "8192"]],
      found: { level: "note", object: "public.i", cure: "drop index public.i;" },
      cure,
    }),
  ),
  {
    name: "stale_views",
    title: "a view with a policy that was never refreshed",
    given: "create materialized view v as select 1 as a",
    build: ["insert into matview_policies (view_name, every) values ('v', '1 hour')"],
    found: { level: "note", object: "public.v", message: "no refresh is known" },
  },
  {
    name: "table_bloat",
    title: "a table of which most was deleted",
    given: `create table t (a int, b text) with (autovacuum_enabled = off);
      insert into t select n, repeat('x', 90) from ${numbers} n; analyze t`,
    build: ["delete from t where a < 29000", "vacuum (analyze) t"],
    thresholds: [
      ["relpages >= 1000", "relpages >= 10"],
      ["100 * 1024 ^ 2", "1024 ^ 2"],
    ],
    found: {
      level: "warning",
      object: "public.t",
      cure: "vacuum (full, analyze) public.t;",
    },
  },
  {
    name: "table_bloat",
    title: "a materialized view that is refreshed concurrently",
    given: `create table s as select 1 as a; create materialized view v as select n, a, repeat('x', 90) as b from s, ${numbers} n;
      create unique index on v (n); alter materialized view v set (autovacuum_enabled = off); analyze v`,
    build: [
      "update s set a = 2",
      "refresh materialized view concurrently v",
      "update s set a = 3",
      "refresh materialized view concurrently v",
      "vacuum (analyze) v",
    ],
    thresholds: [
      ["relpages >= 1000", "relpages >= 10"],
      ["100 * 1024 ^ 2", "1024 ^ 2"],
    ],
    found: { level: "warning", object: "public.v", cure: "refresh materialized view public.v;" },
  },
  {
    name: "index_bloat",
    title: "an index of a partitioned table of which most rows were deleted",
    given: `create table t (a int, b text) partition by range (a);
      create table t1 partition of t for values from (0) to (100000) with (autovacuum_enabled = off);
      create index i on t (a, lower(b)); insert into t select n, repeat('x', 30) || n from ${numbers} n; analyze t`,
    build: ["delete from t where a % 20 <> 0", "vacuum (analyze) t"],
    thresholds: [
      ["relpages >= 1000", "relpages >= 10"],
      ["100 * 1024 ^ 2", "1024 ^ 2"],
    ],
    found: {
      level: "warning",
      object: "public.i",
      cure: "reindex index concurrently public.i;",
    },
  },
  {
    name: "temporary_files",
    title: "a sort that did not fit into the memory",
    given: "select pg_stat_reset()",
    build: [
      "set work_mem = '64kB'",
      "select * from generate_series(1, 100000) n order by n desc offset 99999",
    ],
    thresholds: [["10 * 1024::numeric ^ 3", "1"]],
    found: { level: "note", cure: null },
    cure: "select pg_stat_reset()",
  },
];

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
});

/** Runs statements, each by itself; one with a remark "fails" does. The figures that they change are there afterwards. */
async function run(statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    // One that is to fail says so; what it leaves behind shows whether it did.
    const mayFail = statement.endsWith("-- fails");
    await database.sql.unsafe(statement).catch((error: unknown) => {
      if (!mayFail) throw error;
    });
    await database.sql`select pg_stat_force_next_flush()`;
  }
  await database.sql`reset all`;
}

test("every check has a case, here or in the file beside this one that is named", () => {
  const elsewhere = {
    "sessions.test.ts": [
      "blocked_sessions",
      "long_transactions",
      "idle_in_transaction",
      "half_detached_partitions",
    ],
    "servers.test.ts": [
      "prepared_transactions",
      "checksum_failures",
      "replication_slots",
      "replication_lag",
      "archiver",
      "cache_hit",
    ],
  };
  const tested = [...Object.values(elsewhere).flat(), ...cases.map(({ name }) => name)];
  expect([...new Set(tested)].toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
});

describe.each([...new Set(cases.map(({ name }) => name))])("%s", (name) => {
  const own = cases.filter((each) => each.name === name);
  test.each(own)("$title", async (each) => {
    const { given = "", build, thresholds, found, before = [], cure } = each;
    const { object } = found;
    const { url } = database;
    const findings = async (): Promise<readonly Finding[]> => {
      const all = await findingsOf(url, name, thresholds);
      // With the threshold of a test, what the server itself has is found as well.
      return thresholds === undefined
        ? all
        : all.filter((one) => one.object === (object ?? one.object));
    };
    try {
      await run(given.split(";\n").filter((statement) => statement.trim() !== ""));
      expect(await findings()).toEqual([]);
      await run(build);
      const [first, ...more] = await findings();
      expect(first).toMatchObject(found);
      expect(more).toEqual([]);
      await run(before);
      await applyCure(url, cure ?? first?.cure);
      await expect.poll(findings).toEqual([]);
    } finally {
      await cleanUp();
    }
  });
});

/** Takes away what a case has made; the engine stays. */
async function cleanUp(): Promise<void> {
  await database.sql.unsafe(
    `do $$ declare each record; begin
      for each in select pubname from pg_publication loop execute format('drop publication %I', each.pubname); end loop;
      truncate partition_policies, matview_policies, matview_refreshes;
    end $$;
    drop materialized view if exists v; drop table if exists t, s, "my T"; drop table if exists o; drop sequence if exists q;
    drop domain if exists d; drop function if exists f()`,
  );
}
