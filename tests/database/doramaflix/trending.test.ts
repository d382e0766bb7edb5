import { beforeAll, describe, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, id, insertCatalogue, insertViewings, logIn } from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: 4, courses: 5 });
});

async function query(text: string): Promise<readonly unknown[]> {
  return database.sql.unsafe(text);
}

/** Returns rows as lists, in the order of the columns. */
async function values(text: string): Promise<unknown[]> {
  return database.sql.unsafe(text).values();
}

async function ranking(where: string): Promise<unknown[]> {
  return values(
    `select right(course_id::text, 12)::int, trending_score::float, rank from trending_content where ${where} order by rank`,
  );
}

describe("the figures of a day", () => {
  const day = "current_date - 10";
  const at = (time: string): string => `(${day} + time '${time}') at time zone 'UTC'`;

  beforeAll(async () => {
    await insertViewings(database.sql, [
      // Seen before, so not new.
      [1, 1, `(${day} - 60 + time '10:00') at time zone 'UTC'`, 1000],
      [1, 1, at("00:00:00"), 899],
      // 30 minutes after the end of the one before: the same session.
      [1, 1, at("00:44:59"), 900],
      // 30 minutes and a second after: the next one.
      [1, 2, at("01:30:00"), 1000],
      [2, 1, at("23:59:59"), 600],
      [3, 1, `(${day} + 1 + time '00:00') at time zone 'UTC'`, 60],
    ]);
    await query(`
      insert into user_reviews (user_id, course_id, rating, is_approved, created_at) values
        ('${id("user", 1)}', '${id("course", 1)}', 4, true, ${at("10:00")}),
        ('${id("user", 2)}', '${id("course", 1)}', 5, true, ${at("10:00")}),
        ('${id("user", 3)}', '${id("course", 1)}', 1, false, ${at("10:00")}),
        ('${id("user", 1)}', '${id("course", 3)}', 3, true, ${at("10:00")});
      insert into user_favorites (user_id, course_id, created_at)
        values ('${id("user", 2)}', '${id("course", 1)}', ${at("10:00")});
      insert into search_queries (user_id, query, created_at) values
        ('${id("user", 4)}', 'crash', ${at("10:00")}), ('${id("user", 4)}', 'crash', ${at("10:01")}),
        (null, 'crash', ${at("10:00")})`);
  });

  test("of each course", async () => {
    await query(`select * from compute_daily_analytics(${day}, ${day})`);
    const rows = await values(`
      select right(course_id::text, 12)::int, total_views, unique_viewers, watch_time_minutes, completion_rate,
        average_rating, new_subscribers
      from content_analytics where date = ${day} order by course_id`);
    expect(rows).toEqual([
      [1, 3, 2, 40, "0.3333", "4.50", 1],
      [2, 1, 1, 17, "1.0000", null, 1],
      [3, 0, 0, 0, null, "3.00", 0],
    ]);
    expect(await query(`select from content_analytics where date <> ${day}`)).toEqual([]);
  });

  test("of each user", async () => {
    await query(`select * from compute_daily_analytics(${day}, ${day})`);
    const rows = await values(`
      select right(user_id::text, 12)::int, sessions_count, total_watch_time, episodes_watched,
        episodes_completed, searches_count, favorites_added, reviews_written
      from user_engagement where date = ${day} order by user_id`);
    expect(rows).toEqual([
      [1, 2, 2799, 2, 2, 0, 0, 2],
      [2, 1, 600, 1, 0, 0, 1, 1],
      [3, 0, 0, 0, 0, 0, 0, 1],
      [4, 0, 0, 0, 0, 2, 0, 0],
    ]);
  });

  test("a second run changes nothing, and one for a range is the same as one for each day", async () => {
    const compute = `select content_rows::int, user_rows::int from compute_daily_analytics`;
    expect(await query(`${compute}(${day} - 60, ${day} + 1)`)).toEqual([
      { content_rows: expect.any(Number) as unknown, user_rows: expect.any(Number) as unknown },
    ]);
    for (const each of [day, `${day} - 60`, `${day} + 1`]) {
      expect(await query(`${compute}(${each}, ${each})`)).toEqual([
        { content_rows: 0, user_rows: 0 },
      ]);
    }
    expect(await query(`${compute}(${day} - 60, ${day} + 1)`)).toEqual([
      { content_rows: 0, user_rows: 0 },
    ]);
  });

  test("figures stay when the viewings are dropped", async () => {
    await query(`select * from compute_daily_analytics(${day}, ${day})`);
    await query("begin");
    await query("truncate watch_history");
    await query(`select * from compute_daily_analytics(${day}, ${day})`);
    const [row] = await query(
      `select total_views from content_analytics where date = ${day} and course_id = '${id("course", 2)}'`,
    );
    await query("rollback");
    expect(row).toEqual({ total_views: 1 });
  });

  test("are computed from the partitions of the range and those before it", async () => {
    const locked = async (call: string): Promise<unknown[]> => {
      const session = await logIn(database, "doramaflix_owner");
      await session.unsafe("begin");
      await session.unsafe(`select ${call}`);
      const rows = await session.unsafe<{ name: string }[]>(`
        select distinct relation::regclass::text as name from pg_locks join pg_class on pg_class.oid = relation
        where pid = pg_backend_pid() and relkind = 'r' and relname like 'watch\\_history\\_%' order by 1`);
      await session.unsafe("rollback");
      return rows.map(({ name }) => name);
    };
    const [{ before, of } = { before: [], of: "" }] = await database.sql.unsafe<
      { before: string[]; of: string }[]
    >(`
      select array_to_json(array_agg(relname::text order by relname)) as before, max(relname::text) as of
      from pg_inherits join pg_class on pg_class.oid = inhrelid
      where inhparent = 'watch_history'::regclass and relname <= to_char(${day}, '"watch_history_"YYYY_MM')`);
    expect(await locked(`compute_user_engagement(${day}, ${day})`)).toEqual([of]);
    expect(await locked(`compute_content_analytics(${day}, ${day})`)).toEqual(before);
  });
});

describe("trending", () => {
  const day = "date '2025-01-20'";

  beforeAll(async () => {
    await query(`
      update courses set drama_origin = 'korean' where id in ('${id("course", 1)}', '${id("course", 3)}');
      update courses set drama_origin = 'thai' where id = '${id("course", 2)}';
      update courses set status = 'draft' where id = '${id("course", 4)}';
      insert into categories (name, slug) values ('Romance', 'romance');
      insert into course_categories select '${id("course", 2)}', id from categories;
      insert into course_categories select '${id("course", 3)}', id from categories;
      insert into content_analytics (course_id, date, total_views, unique_viewers) values
        -- The same as the day before: no growth.
        ('${id("course", 1)}', ${day}, 40, 20), ('${id("course", 1)}', ${day} - 1, 40, 20),
        -- (10 + 30) / (10 + 10) = 2.
        ('${id("course", 2)}', ${day}, 30, 15), ('${id("course", 2)}', ${day} - 1, 10, 5),
        -- (10 + 90) / 10 = 10, at most 3.
        ('${id("course", 3)}', ${day}, 90, 9),
        ('${id("course", 4)}', ${day}, 90, 90),
        -- Down from 200: at least a half.
        ('${id("course", 5)}', ${day}, 8, 8), ('${id("course", 5)}', ${day} - 1, 200, 200)`);
  });

  test("the score is the viewers of a day times the growth", async () => {
    await query(`select compute_trending('daily', ${day})`);
    expect(
      await ranking(`period = 'daily' and category = 'all' and period_start = ${day}`),
    ).toEqual([
      [2, 30, 1],
      [3, 27, 2],
      [1, 20, 3],
      [5, 4, 4],
    ]);
    expect(await ranking("period = 'daily' and category = 'Romance'")).toEqual([
      [2, 30, 1],
      [3, 27, 2],
    ]);
  });

  test("a week is 7 days and a month 30, compared with as many before", async () => {
    expect(await query(`select compute_trending(null, ${day})::int as written`)).toEqual([
      { written: 18 },
    ]);
    // (20 + 20) / 7 × 3, with growth (10 + 80) / 10; and for the last one (200 + 8) / 7 × 3.
    expect(await ranking("period = 'weekly' and category = 'all'")).toEqual([
      [5, 89.1429, 1],
      [1, 17.1429, 2],
      [2, 8.5714, 3],
      [3, 3.8571, 4],
    ]);
    const rows = await query(
      `select distinct period, ${day} - period_start as days, period_end = ${day} as ends from trending_content order by 2`,
    );
    expect(rows).toEqual([
      { period: "daily", days: 0, ends: true },
      { period: "weekly", days: 6, ends: true },
      { period: "monthly", days: 29, ends: true },
    ]);
  });

  test("a second run for the same day replaces the first, also at the same time", async () => {
    const count = async (): Promise<unknown> => query("select count(*)::int from trending_content");
    await query(`select compute_trending('daily', ${day})`);
    const before = await count();
    const [one, other] = [
      await logIn(database, "doramaflix_owner"),
      await logIn(database, "doramaflix_owner"),
    ];
    await Promise.all(
      [one, other].map(async (sql) => sql.unsafe(`select compute_trending('daily', ${day})`)),
    );
    expect(await count()).toEqual(before);
  });

  test("the newest ranking up to a day is returned, for an origin ranked anew", async () => {
    const app = await logIn(database, "doramaflix_app");
    await query(`
      select compute_trending('daily', ${day});
      select compute_trending('daily', ${day} - 1)`);
    const top = async (args: string): Promise<unknown[]> =>
      app
        .unsafe(
          `select right(course_id::text, 12)::int, rank, to_char(period_start, 'DD') from get_top_content_by_period(${args})`,
        )
        .values();
    expect(await top("'daily', 'korean', 10")).toEqual([
      [3, 1, "20"],
      [1, 2, "20"],
    ]);
    expect(await top("'daily', max_rows => 1")).toEqual([[2, 1, "20"]]);
    expect(await top(`'daily', category => 'Romance', origin => 'korean'`)).toEqual([[3, 1, "20"]]);
    expect((await top(`'daily', as_of => ${day} - 1`))[0]).toEqual([5, 1, "19"]);
    expect(await top(`'daily', as_of => ${day} - 2`)).toEqual([]);
    expect(await top("'yearly'")).toEqual([]);
  });

  test("an unknown period is an error, and the application may not compute", async () => {
    await expect(query("select compute_trending('yearly')")).rejects.toMatchObject({
      code: "22023",
      message: 'There is no period "yearly".',
    });
    const app = await logIn(database, "doramaflix_app");
    for (const call of [
      "compute_trending()",
      "compute_daily_analytics()",
      "compute_similar_courses()",
    ]) {
      await expect(app.unsafe(`select ${call}`)).rejects.toMatchObject({ code: "42501" });
    }
  });
});
