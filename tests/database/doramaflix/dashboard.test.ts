import { beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import {
  createDoramaflix,
  id,
  insertCatalogue,
  logIn,
  partitionsSince,
  queryOf,
  readBy,
} from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: 6, courses: 3 });
  await database.sql.unsafe(`
    update courses set rating = 4, drama_origin = 'korean' where id = '${id("course", 1)}';
    update courses set status = 'archived' where id = '${id("course", 3)}';
    insert into content_analytics
      (course_id, date, total_views, unique_viewers, watch_time_minutes, completion_rate, new_subscribers)
      values
      ('${id("course", 1)}', current_date, 33, 10, 100, 1, 2),
      ('${id("course", 1)}', current_date - 29, 66, 40, 200, 0.7, 3),
      ('${id("course", 1)}', current_date - 30, 1000, 1000, 1000, 1, 1000),
      ('${id("course", 1)}', current_date + 1, 1000, 1000, 1000, 1, 1000),
      ('${id("course", 3)}', current_date, 9, 9, 9, 1, 9);
    insert into user_favorites (user_id, course_id, created_at)
      select id, '${id("course", 1)}', current_date - 29 from users limit 5;
    insert into user_favorites (user_id, course_id, created_at)
      select id, '${id("course", 1)}', current_date - interval '29 days 1 second' from users on conflict do nothing;
    refresh materialized view mv_content_dashboard`);
});

test("the figures of the last 30 days and the score, computed by hand", async () => {
  const rows = await database.sql.unsafe(`
    select course_id, views::int, viewers::int, watch_time_minutes::int, completion_rate, new_subscribers::int,
      favorites_added::int, engagement_score
    from mv_content_dashboard where drama_origin = 'korean' order by engagement_score desc`);
  // 10 × log10(1 + 99) × (0.5 × (33 × 1 + 66 × 0.7) / 99 + 0.3 × 4 / 5 + 0.2 × 5 / 50) = 20 × (0.4 + 0.24 + 0.02)
  expect(rows).toEqual([
    {
      course_id: id("course", 1),
      views: 99,
      viewers: 50,
      watch_time_minutes: 300,
      completion_rate: "0.8000",
      new_subscribers: 5,
      favorites_added: 5,
      engagement_score: "13.20",
    },
  ]);
});

test("a course that nobody watched has the score 0, and one that is not published no row", async () => {
  const rows = await database.sql.unsafe(
    "select course_id, views::int, completion_rate, engagement_score from mv_content_dashboard where views = 0",
  );
  expect(rows).toEqual([
    { course_id: id("course", 2), views: 0, completion_rate: null, engagement_score: "0.00" },
  ]);
  expect(await database.sql.unsafe("select from mv_content_dashboard")).toHaveLength(2);
});

test("the analytics are read in the partitions of the last 30 days only", async () => {
  const read = await readBy(database.sql, await queryOf(database.sql, "mv_content_dashboard"));
  const partitions = [...read].filter((name) => /^content_analytics_\d+_\d+$/.test(name));
  expect(partitions.toSorted()).toEqual(
    await partitionsSince(database.sql, "content_analytics", 29),
  );
});

test("what was searched for is shown when 3 users searched for it, by how often they found what they opened", async () => {
  const searches = [
    // [text, users, results, clicked]
    ["São Paulo ", [1, 2], 5, true],
    ["sao  paulo", [3, null], 5, false],
    ["secret", [1, 1, 1, 2, 2], 9, true],
    ["crash", [1, 2, 3, 4, 5], 1, false],
    ["goblin", [1, 2, 3], 0, false],
    ["queen", [1, 2, 3, 4], 3, false],
    ["Queen", [5], 3, true],
    ["   ", [1, 2, 3], 0, false],
  ] as const;
  for (const [text, users, results, clicked] of searches) {
    for (const user of users) {
      const userId = user === null ? "null" : `'${id("user", user)}'`;
      await database.sql.unsafe(
        `insert into search_queries (user_id, query, results, clicked) values (${userId}, $1, ${results}, ${clicked})`,
        [text],
      );
    }
  }
  await database.sql.unsafe(`
    insert into search_queries (user_id, query, results, created_at)
      select id, 'old', 1, now() - interval '31 days' from users;
    refresh materialized view mv_search_analytics`);
  const rows = await database.sql
    .unsafe(
      "select query, search_count::int, users_count::int, click_rate, engagement_category from mv_search_analytics order by query",
    )
    .values();
  expect(rows).toEqual([
    ["crash", 5, 5, "0.0000", "low_engagement"],
    ["goblin", 3, 3, "0.0000", "no_results"],
    ["queen", 5, 5, "0.2000", "medium_engagement"],
    ["sao paulo", 4, 4, "0.5000", "high_engagement"],
  ]);
});

test("the application and reports may read both", async () => {
  for (const role of ["doramaflix_app", "doramaflix_readonly"]) {
    const session = await logIn(database, role);
    expect(
      await session.unsafe("select from mv_content_dashboard, mv_search_analytics"),
    ).not.toHaveLength(0);
  }
});
