import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/core/package-root.ts";
import { runCli } from "../support/cli.ts";
import { createDoramaflixDatabase, type TestDatabase } from "../support/database.ts";

// The queries of the design document, in its order, with the columns that PostgreSQL 13 renamed.

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflixDatabase();
  const run = await runCli(["seed", "--url", database.url, "--project", packageRoot]);
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
});

async function rowsOf(query: string): Promise<Record<string, unknown>[]> {
  return database.sql.unsafe(query);
}

describe("with the generated data, rows come from", () => {
  test.each([
    [
      "the dashboard of contents",
      `SELECT * FROM mv_content_dashboard WHERE drama_origin = 'korean' ORDER BY engagement_score DESC LIMIT 20`,
      20,
    ],
    [
      "the engagement levels of users",
      "SELECT engagement_level, COUNT(*) as user_count FROM mv_user_insights GROUP BY engagement_level",
      2,
    ],
    [
      "the recommendations for a user",
      `SELECT * FROM mv_user_recommendations
       WHERE user_id = (SELECT user_id FROM mv_user_recommendations LIMIT 1)
       ORDER BY recommendation_score DESC LIMIT 20`,
      1,
    ],
    ["what trends", "SELECT * FROM get_top_content_by_period('daily', 'korean', 10)", 10],
    [
      "the search patterns",
      `SELECT * FROM mv_search_analytics WHERE engagement_category = 'high_engagement' ORDER BY search_count DESC`,
      1,
    ],
    [
      "the statistics of statements",
      `SELECT query, calls, total_exec_time, mean_exec_time
       FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10`,
      10,
    ],
    [
      "the slow queries",
      `SELECT query, calls, total_exec_time, mean_exec_time, rows
       FROM pg_stat_statements WHERE mean_exec_time > 1 ORDER BY total_exec_time DESC`,
      1,
    ],
    [
      "a course with all that belongs to it",
      `SELECT c.id, e.episode_number, s.language, q.quality_type, p.name, k.name
       FROM courses c
       JOIN cast_members m ON m.course_id = c.id AND m.is_lead
       JOIN persons p ON p.id = m.person_id
       JOIN episodes e ON e.course_id = c.id
       JOIN subtitles s ON s.episode_id = e.id
       JOIN video_qualities q ON q.episode_id = e.id
       JOIN course_categories f ON f.course_id = c.id
       JOIN categories k ON k.id = f.category_id
       WHERE c.id = (SELECT id FROM courses WHERE total_episodes > 1 ORDER BY popularity DESC LIMIT 1)
       ORDER BY m.sort_order, e.episode_number`,
      2,
    ],
    [
      "the popular courses of an origin",
      `SELECT * FROM courses WHERE drama_origin = 'korean' AND status = 'published'
       ORDER BY popularity DESC LIMIT 50`,
      20,
    ],
    [
      "the sizes of tables",
      `SELECT schemaname, tablename, pg_size_pretty(pg_total_relation_size(schemaname||'.'||tablename)) as size
       FROM pg_tables WHERE schemaname = 'public'
       ORDER BY pg_total_relation_size(schemaname||'.'||tablename) DESC`,
      30,
    ],
    [
      "the columns that an index could serve",
      `SELECT schemaname, tablename, attname, n_distinct, correlation FROM pg_stats
       WHERE schemaname = 'public' AND n_distinct > 100 AND correlation < 0.1`,
      1,
    ],
    [
      "the plan of a query",
      `EXPLAIN (ANALYZE, BUFFERS)
       SELECT * FROM courses WHERE drama_origin = 'korean' ORDER BY popularity DESC LIMIT 20`,
      3,
    ],
    ["the refresh of the views", "SELECT refresh_all_analytics_views()", 5],
  ])("%s", async (_what, query, atLeast) => {
    expect((await rowsOf(query)).length).toBeGreaterThanOrEqual(atLeast);
  });
});

test("two courses that many have watched are similar to some degree", async () => {
  const [row] = await rowsOf(`
    SELECT calculate_content_similarity(course_id, similar_course_id)::float8 AS similarity
    FROM similar_courses ORDER BY similarity DESC LIMIT 1`);
  expect(row?.["similarity"]).toBeGreaterThan(0);
  expect(row?.["similarity"]).toBeLessThan(1);
});

test("a user who watched has a pattern", async () => {
  const [row] = await rowsOf(`
    SELECT * FROM get_user_viewing_patterns(
      (SELECT user_id FROM watch_history GROUP BY user_id ORDER BY count(*) DESC LIMIT 1))`);
  expect(Number(row?.["viewings"])).toBeGreaterThan(10);
  expect(row?.["favorite_hour"]).toBeTypeOf("number");
});

test("a migration is applied, and is taken back by name when it is the newest", async () => {
  await rowsOf("SELECT rollback_migration('005_matview_policies') AS it");
  await rowsOf("SELECT rollback_migration('004_partition_policies') AS it");
  expect(await rowsOf("SELECT migration_applied('002_drama_enhancements') AS it")).toEqual([
    { it: true },
  ]);
  expect(
    await rowsOf("SELECT apply_migration('003_analytics_views', 'Add analytics tables') AS it"),
  ).toEqual([{ it: false }]);
  expect(await rowsOf("SELECT rollback_migration('003_analytics_views') AS it")).toEqual([
    { it: true },
  ]);
  expect(await rowsOf("SELECT to_regclass('content_analytics') AS it")).toEqual([{ it: null }]);
});
