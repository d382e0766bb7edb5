import { describe, expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { runCli } from "../support/cli.ts";
import { openSession } from "../support/database.ts";
import { startDebianServer } from "../support/debian-server.ts";
import { createProject, migration, smallMigrations } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";

/** What plpgsql_check says of the engine that is right as it is. */
const justified = [
  // Statements that the engine has put together itself: one closes a cursor, whose name format() quotes, the other
  // releases a lock, whose name is of numbers.
  ...["clear_session(jsonb)", "release_advisory_locks()"].map((name) => ({
    name,
    message: "text type variable is not sanitized",
    query: "action",
  })),
  {
    // The name comes from pg_identify_object(), which quotes it; a type such as "view" is a keyword.
    name: "drop_definitions(text[])",
    message: "text type variable is not sanitized",
    query: "format('drop %s %s', doomed.type, doomed.identity)",
  },
  {
    // A statement that the function itself has put together, with names as regprocedure writes and quotes them.
    name: "record_engine(text,text)",
    message: "text type variable is not sanitized",
    query: "stale",
  },
  {
    // The same, for who runs a migration.
    name: "build_beside(text,text,oid,name)",
    message: "text type variable is not sanitized",
    query: "definition",
  },
  {
    // Running the text of a file is what it is for; who may write to the table may create the object anyway.
    name: "restore_definitions(text[])",
    message: "text type variable is not sanitized",
    query: "file.definition",
  },
  {
    // The constant '{}' has no type yet, so that it becomes a text[] without a cast.
    name: "drop_definitions(text[])",
    message: "target type is different type than source type",
    query: null,
  },
  {
    name: "run_statements(text[],text,text)",
    message: "target type is different type than source type",
    query: null,
  },
  {
    // The column is varchar(255), as in older ledgers; the cast to text costs nothing.
    name: "rollback_migration(text,text)",
    message: "target type is different type than source type",
    query: null,
  },
  ...Object.entries({
    // Casts on assignment between text, name, date and timestamp, and of constants, which cost nothing.
    "analyze_partitioned_table(regclass)": 1,
    "backfill_rows_left(regclass,text,text,text)": 1,
    "backfill_target(regclass,text)": 1,
    "conversion_newer_rows(regclass)": 2,
    "copy_materialized_view(regclass,text)": 1,
    "decode_partition_bound(text,text)": 2,
    "encode_partition_bound(timestamp without time zone,text)": 4,
    "end_build(regclass,oid,text,timestamp with time zone,pg_lsn,text)": 1,
    "finalize_detach(regclass)": 1,
    "move_statements(regclass,text,date)": 1,
    "partition_name(regclass,text)": 2,
    "partition_statements(regclass,text,date)": 1,
    "plan_conversion(regclass,name,text,text,timestamp without time zone,integer,timestamp with time zone)": 1,
    "plan_conversion_preparation(regclass,name,text,timestamp without time zone)": 1,
    "prepare_refresh(regclass,text,text)": 1,
    "refresh_in_order(regclass[],text,interval,text)": 2,
    "redefine_beside(text,text,text,text,text)": 1,
    "record_backfill_batch(text,text,bigint,bigint,integer)": 1,
    "sample_move(regclass,integer)": 1,
  }).flatMap(([name, count]) =>
    Array.from({ length: count }, () => ({
      name,
      message: "target type is different type than source type",
      query: null,
    })),
  ),
  // What they write, or call, stands in a text: EXPLAIN is for volatile functions only, and pg_stat_statements() is one.
  ...[
    "backfill_rows_left(regclass,text,text,text)",
    "read_statements()",
    "save_statement_texts()",
  ].map((name) => ({
    name,
    message: "routine is marked as VOLATILE, should be STABLE",
    query: null,
  })),
  {
    // The names of columns are constants of the engine, and format() quotes the schema.
    name: "read_statements()",
    message: "the expression is not SQL injection safe",
    query: expect.stringContaining("%I.pg_stat_statements(false)") as string,
  },
  // The words of FOR VALUES FROM ... TO ..., in quotes.
  ...["create_partition(regclass,text,date)", "move_strays(regclass,text,date)"].flatMap((name) =>
    ["from", "to"].map((word) => ({
      name,
      message: `name of parameter "${word}" is reserved keyword`,
      query: null,
    })),
  ),
];

/**
 * The functions that run statements which other functions of the engine have put together, with names that regclass and
 * quote_ident() quote and values that format() does; how often plpgsql_check says so.
 */
const runsOwnStatements: Readonly<Record<string, number>> = {
  "backfill_bounds(regclass,text,text,text,integer)": 1,
  "backfill_rows_left(regclass,text,text,text)": 1,
  "backfill_target(regclass,text)": 1,
  "conversion_cut(regclass,name,text,text,timestamp with time zone)": 1,
  "copy_materialized_view(regclass,text)": 3,
  "count_strays(regclass,text)": 1,
  "create_catch_all(regclass)": 1,
  "create_partition(regclass,text,date)": 1,
  "drop_retired_partition(bigint,text,bigint,text)": 2,
  "lock_views(regclass[],interval)": 1,
  "move_strays(regclass,text,date)": 2,
  // The statement of the caller, with the caller's rights.
  "run_backfill_batch(text,text,integer)": 1,
  "sample_move(regclass,integer)": 1,
  "set_refresh_privileges(regrole,boolean)": 1,
};

/** RETURN QUERY gives their rows. */
const returnsQueries = new Set([
  "backfill_bounds(regclass,text,text,text,integer)",
  "count_strays(regclass,text)",
  "read_statements()",
  "statement_totals()",
]);

function byContent(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

describe.skipIf(isMissing("debian-server"))("on Debian's PostgreSQL 15", () => {
  test("migrations create pg_partman and HypoPG, use them, and take them back", async () => {
    const url = await startDebianServer();
    const sql = openSession(url);
    const project = await createProject({
      ...smallMigrations(1),
      "migrations/0002_extensions.sql": migration(
        "create schema partman; create extension pg_partman schema partman; create extension hypopg",
        "drop extension hypopg; drop extension pg_partman; drop schema partman",
      ),
      "migrations/0003_views.sql": migration(
        "create table views_of_t1 (viewed_at timestamptz not null) partition by range (viewed_at);" +
          "select partman.create_parent('public.views_of_t1', 'viewed_at', 'native', 'daily', p_premake => 3)",
        "delete from partman.part_config; drop table views_of_t1, partman.template_public_views_of_t1",
      ),
    });
    const args = ["--url", url, "--project", project];
    expect(await runCli(["migrate", ...args])).toMatchObject({ exitCode: 0 });
    const partitions = await sql`select relid from pg_partition_tree('views_of_t1') where isleaf`;
    // Those of three days before, today and three days after, and the default one.
    expect(partitions).toHaveLength(8);
    await sql`select from hypopg_create_index('create index on t1 (b)')`;
    await sql`set enable_seqscan = off`;
    expect(JSON.stringify(await sql`explain select a from t1 where b = 1`)).toContain("btree_t1_b");

    expect(await runCli(["rollback", "--to", "0001_t1", ...args])).toMatchObject({ exitCode: 0 });
    expect(await sql`select extname from pg_extension`).toEqual([{ extname: "plpgsql" }]);
  });

  test("plpgsql_check finds nothing in the functions of the engine and of Doramaflix", async () => {
    const url = await startDebianServer();
    const sql = openSession(url);
    const run = await runCli(["migrate", "--url", url, "--project", packageRoot]);
    expect(run).toMatchObject({ exitCode: 0 });
    await sql.unsafe(`
      create extension plpgsql_check;
      create function broken() returns int language plpgsql as 'begin return missing; end'`);
    const checked = await sql.unsafe(`
      with function as (
        select distinct p.oid, p.oid::regprocedure::text as name, coalesce(t.tgrelid, 0) as relation
        from pg_proc p left join pg_trigger t on t.tgfoid = p.oid
        where p.pronamespace = 'public'::regnamespace
          and p.prolang = (select oid from pg_language where lanname = 'plpgsql')
      )
      select f.name, c.message, c.query
      from function f
      left join plpgsql_check_function_tb(f.oid, f.relation, all_warnings => true) c on true
      order by f.name`);
    expect(checked.map(({ name }) => name as string)).toEqual(
      expect.arrayContaining(["apply_migrations(jsonb,jsonb)", "set_updated_at()"]),
    );
    const found = checked.filter(
      ({ name, message }) =>
        message !== null &&
        !(returnsQueries.has(name as string) && (message as string).startsWith("OUT variable")),
    );
    const broken = {
      name: "broken()",
      message: 'column "missing" does not exist',
      query: "missing",
    };
    const isOwnStatement = ({ name, message }: (typeof found)[number]): boolean =>
      (name as string) in runsOwnStatements && message === "text type variable is not sanitized";
    const others = found.filter((each) => !isOwnStatement(each));
    expect(others.toSorted(byContent)).toEqual([...justified, broken].toSorted(byContent));
    for (const [name, count] of Object.entries(runsOwnStatements)) {
      expect(
        found.filter((each) => each["name"] === name && isOwnStatement(each)),
        name,
      ).toHaveLength(count);
    }
  });
});
