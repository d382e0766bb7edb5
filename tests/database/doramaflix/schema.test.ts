import { beforeAll, describe, expect, test } from "vitest";
import {
  createDoramaflixDatabase,
  createDatabaseWithEngine,
  type TestDatabase,
} from "../../support/database.ts";
import { alice, course, insertSampleRows } from "./sample-rows.ts";
import {
  analyticsAndInsights,
  calls,
  coreEntities,
  enums,
  extensions,
  indexes,
  keyedById,
  materializedViews,
  migrationSystem,
  partitionKeys,
  partitions,
  prismaExample,
  uniqueColumns,
  userActivityAndEngagement,
} from "./seed-document.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflixDatabase();
  await database.sql.unsafe("set timezone = 'UTC'");
  // The engine has tests of its own.
  const { sql: engine } = await createDatabaseWithEngine();
  const names = await engine.unsafe<{ name: string }[]>(`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace
    union select proname from pg_proc where pronamespace = 'public'::regnamespace`);
  await database.sql.unsafe("create temp table engine as select string_to_table($1, ' ') as name", [
    names.map(({ name }) => name).join(" "),
  ]);
});

/** Returns the rows of a query that has two columns, as an object. */
async function pairs(query: string): Promise<Record<string, unknown>> {
  const rows = await database.sql.unsafe<{ key: string; value: unknown }[]>(query);
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

/** Returns the first column of a query. */
async function list(query: string): Promise<unknown[]> {
  const rows = await database.sql.unsafe(query).values();
  return rows.map(([first]) => first as unknown);
}

/** Conditions for what is the project's own, neither the engine's nor an extension's. */
const ownRelation = `
  c.relnamespace = 'public'::regnamespace
  and c.relname not in (select name from engine)
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`;
const ownFunction = `
  p.pronamespace = 'public'::regnamespace
  and p.proname not in (select name from engine)
  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`;

describe("what the seed document names exists", () => {
  const areas = {
    coreEntities,
    userActivityAndEngagement,
    analyticsAndInsights,
    prismaExample,
    migrationSystem,
  };

  test.each(
    Object.entries(areas).flatMap(([area, tables]) =>
      Object.entries(tables).map(([table, columns]) => [area, table, columns] as const),
    ),
  )("%s: %s, with its columns and their types", async (_area, table, columns) => {
    const existing = await pairs(`
      select attname as key, format_type(atttypid, atttypmod) as value
      from pg_attribute
      where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`);
    expect(existing).toMatchObject(columns);
  });

  test("the keys and the unique columns", async () => {
    const constraints = await list(`
      select concat(conrelid::regclass, '.', attname)
      from pg_constraint
      join pg_attribute on attrelid = conrelid and attnum = conkey[1]
      where contype in ('p', 'u') and cardinality(conkey) = 1`);
    expect(constraints).toEqual(
      expect.arrayContaining([...keyedById.map((table) => `${table}.id`), ...uniqueColumns]),
    );
  });

  test("the enums, each with its labels", async () => {
    const existing = await pairs(`
      select enumtypid::regtype as key, json_agg(enumlabel order by enumsortorder) as value
      from pg_enum group by enumtypid`);
    expect(Object.keys(existing).toSorted()).toEqual(Object.keys(enums).toSorted());
    for (const [name, labels] of Object.entries(enums)) {
      expect(existing[name], name).toEqual(expect.arrayContaining([...labels]));
    }
    for (const whole of ["video_quality", "watch_status"]) {
      expect(existing[whole]).toEqual(enums[whole]);
    }
  });

  test("the extensions", async () => {
    expect(await list("select extname from pg_extension")).toEqual(
      expect.arrayContaining(extensions),
    );
  });

  test("the indexes", async () => {
    const existing = await pairs(`
      select indexrelid::regclass as key, substring(pg_get_indexdef(indexrelid) from ' (ON .*)') as value
      from pg_index where indisvalid`);
    expect(existing).toMatchObject(indexes);
  });

  test("the partitioned tables and their partitions", async () => {
    expect(
      await pairs(
        "select partrelid::regclass as key, pg_get_partkeydef(partrelid) as value from pg_partitioned_table",
      ),
    ).toEqual(partitionKeys);
    const existing = await pairs(`
      select inhrelid::regclass as key, json_build_array(inhparent::regclass, pg_get_expr(relpartbound, inhrelid)) as value
      from pg_inherits join pg_class on pg_class.oid = inhrelid where relkind = 'r'`);
    // Beside those that the policies have had made since.
    expect(existing).toMatchObject(partitions);
  });

  test.each(Object.entries(materializedViews))("%s, with its columns", async (view, columns) => {
    const existing = await list(`
      select attname::text from pg_attribute join pg_class c on c.oid = attrelid
      where relname = '${view}' and relkind = 'm' and attnum > 0 and not attisdropped`);
    expect(existing).toEqual(expect.arrayContaining([...columns]));
  });

  test.each(calls)("the call: %s", async (call) => {
    expect(await list(`explain (costs off) ${call}`)).not.toEqual([]);
  });
});

describe("rules that hold for all of it", () => {
  test("every table, view and function has a comment", async () => {
    expect(
      await list(`
        select c.oid::regclass::text from pg_class c
        where ${ownRelation} and relkind in ('r', 'p', 'v', 'm') and not relispartition
          and obj_description(c.oid, 'pg_class') is null
        union all
        select p.oid::regprocedure::text from pg_proc p
        where ${ownFunction} and obj_description(p.oid, 'pg_proc') is null
        order by 1`),
    ).toEqual([]);
  });

  test("everything belongs to doramaflix_owner but what runs with the rights of its caller", async () => {
    expect(
      await list(`
        select c.oid::regclass::text from pg_class c
        where ${ownRelation} and relowner <> 'doramaflix_owner'::regrole
          and not coalesce('security_invoker=true' = any (reloptions), false)
        union all
        select p.oid::regprocedure::text from pg_proc p
        where ${ownFunction} and prosecdef and proowner <> 'doramaflix_owner'::regrole
        union all
        select t.oid::regtype::text from pg_type t
        where typtype = 'e' and typowner <> 'doramaflix_owner'::regrole
        order by 1`),
    ).toEqual([]);
  });

  test("every table has a primary key", async () => {
    expect(
      await list(`
        select c.oid::regclass::text from pg_class c
        where ${ownRelation} and relkind in ('r', 'p')
          and not exists (select from pg_constraint where conrelid = c.oid and contype = 'p')
        order by 1`),
    ).toEqual([]);
  });

  test("every foreign key begins an index", async () => {
    // An index without the nulls serves as well: a foreign key never looks for them.
    expect(
      await list(`
        select concat(conrelid::regclass, ': ', pg_get_constraintdef(f.oid))
        from pg_constraint f
        where contype = 'f' and conparentid = 0 and not exists (
          select from pg_index
          where indrelid = conrelid and indisvalid
            and coalesce(pg_get_expr(indpred, indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$', true)
            and (string_to_array(indkey::text, ' ')::int2[])[:cardinality(conkey)] @> conkey
        )
        order by 1`),
    ).toEqual([]);
  });

  test("every materialized view can be refreshed concurrently", async () => {
    expect(
      await list(`
        select c.oid::regclass::text from pg_class c
        where ${ownRelation} and relkind = 'm' and not exists (
          select from pg_index
          where indrelid = c.oid and indisunique and indisvalid and indpred is null and indexprs is null
        )
        order by 1`),
    ).toEqual([]);
  });

  test("every function binds its names or pins search_path, and none that changes something is for everyone", async () => {
    expect(
      await list(`
        select p.oid::regprocedure::text from pg_proc p
        where ${ownFunction} and (
          prosqlbody is null and not coalesce(array_to_string(proconfig, ' ') ~ '\\msearch_path=', false)
          or provolatile = 'v' and prorettype <> 'trigger'::regtype
            and has_function_privilege('public', p.oid, 'execute')
        )
        order by 1`),
    ).toEqual([]);
  });
});

describe("what the tables refuse", () => {
  beforeAll(async () => {
    await insertSampleRows(database.sql);
  });

  test.each([
    ["users", "total_watch_time = 0", "total_watch_time = -1"],
    ["users", "preferred_subtitle_language = 'thai'", "preferred_subtitle_language = 'th'"],
    ["courses", "rating = 5", "rating = 5.01"],
    ["courses", "rating = 0", "rating = -0.01"],
    ["episodes", "rating = 5", "rating = 5.01"],
    ["episodes", "video_duration = 0", "video_duration = -1"],
    ["user_reviews", "rating = 5", "rating = 5.1"],
    ["user_reviews", "rating = 0", "rating = -0.1"],
    ["user_watch_status", "score = 1", "score = 0"],
    ["user_watch_status", "score = 10", "score = 11"],
    [
      "user_watch_status",
      "started_at = '2025-01-01', completed_at = '2025-01-01'",
      "started_at = '2025-01-02', completed_at = '2025-01-01'",
    ],
    ["user_progress", "progress_seconds = 0", "progress_seconds = -1"],
    ["watch_history", "watch_duration = 0", "watch_duration = -1"],
    ["watch_history", "device_info = '{}'", "device_info = '[]'"],
    ["content_analytics", "completion_rate = 1", "completion_rate = 1.0001"],
    ["content_analytics", "completion_rate = 0", "completion_rate = -0.0001"],
    ["content_analytics", "average_rating = 5", "average_rating = 5.01"],
    ["content_analytics", "watch_time_minutes = 0", "watch_time_minutes = -1"],
    ["content_analytics", "total_views = 2, unique_viewers = 2", "unique_viewers = 3"],
    ["user_engagement", "total_watch_time = 0", "total_watch_time = -1"],
    ["trending_content", "period = 'monthly'", "period = 'yearly'"],
    ["trending_content", "period_end = period_start", "period_end = period_start - 1"],
    ["trending_content", "rank = 1", "rank = 0"],
    ["search_queries", "clicked = true", "clicked = false"],
  ])("%s: not what lies beyond %s", async (table, allowed, refused) => {
    await database.sql.unsafe(`update ${table} set ${allowed}`);
    await expect(database.sql.unsafe(`update ${table} set ${refused}`)).rejects.toMatchObject({
      code: "23514",
    });
  });

  test("a second default subtitle of an episode", async () => {
    const insert = `
      insert into subtitles (episode_id, language, file_url, is_default)
      select id, $1, 'https://example.org/1.vtt', true from episodes`;
    await database.sql.unsafe(insert, ["thai"]);
    await expect(database.sql.unsafe(insert, ["korean"])).rejects.toMatchObject({ code: "23505" });
  });

  test("nothing of an account stays when it is deleted, but its searches, without its name", async () => {
    await database.sql.unsafe(`delete from users where id = '${alice}'`);
    const personal = ["user_progress", "watch_history", "user_favorites", "user_watch_status"];
    for (const table of [...personal, "user_reviews", "user_engagement"]) {
      expect(await list(`select count(*)::int from ${table}`), table).toEqual([1]);
    }
    expect(
      await list("select count(*)::int from search_queries group by user_id order by user_id"),
    ).toEqual([1, 1]);
  });

  test("nothing of a course stays when it is deleted, but the searches that led to it", async () => {
    await database.sql.unsafe(`delete from courses where id = '${course}'`);
    const ofCourse = ["episodes", "subtitles", "user_favorites", "watch_history", "user_progress"];
    for (const table of [...ofCourse, "content_analytics", "trending_content", "user_reviews"]) {
      expect(await list(`select count(*)::int from ${table}`), table).toEqual([0]);
    }
    expect(await list("select distinct clicked_id from search_queries")).toEqual([null]);
  });
});
