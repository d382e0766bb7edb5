import { beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, id, insertCatalogue, logIn, queryFor } from "./catalogue.ts";

let database: TestDatabase;

/** The days with activity of each user. */
const activeDays = [0, 1, 3, 4, 11, 12];

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: activeDays.length, courses: 1 });
  for (const [index, days] of activeDays.entries()) {
    await database.sql.unsafe(`
      insert into user_engagement
        (user_id, date, sessions_count, total_watch_time, episodes_watched, episodes_completed, searches_count)
        select '${id("user", index + 1)}', current_date - 30 + n, 2, 600, 3, 1, 4 from generate_series(1, ${days}) n;
      insert into user_engagement (user_id, date, sessions_count)
        values ('${id("user", index + 1)}', current_date - 30, 9), ('${id("user", index + 1)}', current_date + 1, 9)`);
  }
  await database.sql.unsafe("refresh materialized view mv_user_insights");
});

test("the level follows from the days with activity among the last 30", async () => {
  const rows = await database.sql.unsafe(
    "select active_days::int, engagement_level from mv_user_insights order by user_id",
  );
  const levels = ["inactive", "low", "low", "medium", "medium", "high"];
  expect(rows).toEqual(
    activeDays.map((days, index) => ({ active_days: days, engagement_level: levels[index] })),
  );
});

test("the figures are the sums of these days", async () => {
  const [row] = await database.sql.unsafe(`
    select sessions_count::int, watch_seconds::int, episodes_watched::int, episodes_completed::int,
      searches_count::int, current_date - last_active_on as days_ago
    from mv_user_insights where user_id = '${id("user", 3)}'`);
  expect(row).toEqual({
    sessions_count: 6,
    watch_seconds: 1800,
    episodes_watched: 9,
    episodes_completed: 3,
    searches_count: 12,
    days_ago: 27,
  });
});

test("the application reads the row of its user, and only through the view for it", async () => {
  const app = await logIn(database, "doramaflix_app");
  expect(
    await queryFor(app, id("user", 6), "select user_id, engagement_level from my_insights"),
  ).toEqual([{ user_id: id("user", 6), engagement_level: "high" }]);
  expect(await queryFor(app, "", "select from my_insights")).toEqual([]);
  const readonly = await logIn(database, "doramaflix_readonly");
  for (const session of [app, readonly]) {
    await expect(session.unsafe("select from mv_user_insights")).rejects.toMatchObject({
      code: "42501",
    });
  }
  await expect(readonly.unsafe("select from my_insights")).rejects.toMatchObject({ code: "42501" });
});
