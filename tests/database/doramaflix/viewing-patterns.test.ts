import { beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import {
  createDoramaflix,
  id,
  insertCatalogue,
  insertViewings,
  logIn,
  partitionsSince,
  queryFor,
  readBy,
} from "./catalogue.ts";

let database: TestDatabase;

const user = id("user", 1);
/** A Monday. */
const moment = "2025-01-20 20:00Z";

beforeAll(async () => {
  database = await createDoramaflix();
  const { sql } = database;
  await insertCatalogue(sql, { users: 2, courses: 3 });
  await sql.unsafe(`
    update courses set drama_origin = 'korean' where id <> '${id("course", 3)}';
    update courses set drama_origin = 'thai' where id = '${id("course", 3)}';
    insert into categories (name, slug) values ('Romance', 'romance'), ('Action', 'action');
    insert into course_categories select courses.id, categories.id from courses, categories
      where courses.id <> '${id("course", 3)}' and name = 'Romance'
        or courses.id = '${id("course", 3)}' and name = 'Action'`);
  await insertViewings(sql, [
    [1, 1, `'${moment}'`, 900],
    [1, 1, "'2025-01-13 20:30Z'", 100],
    [1, 2, "'2025-01-12 23:30Z'", 1000],
    [1, 3, "'2025-01-06 21:00Z'", 400],
    [1, 3, "'2025-01-20 20:00:01Z'", 1000],
    [1, 3, "now() - interval '1 day'", 50],
    [2, 3, "'2025-01-20 10:00Z'", 1000],
  ]);
  await sql.unsafe(`
    update watch_history set device_info = '{"type": "tv"}', quality_watched = 'UHD_4K', subtitles_used = 'portuguese'
    where watched_at between '2025-01-12' and '${moment}'`);
});

function patterns(args: string): string {
  return `select * from get_user_viewing_patterns('${user}', ${args})`;
}

test("says how much, what, when and how a user watched up to a moment", async () => {
  const [row] = await database.sql.unsafe(
    `select patterns.*, to_char(last_watched_at, 'YYYY-MM-DD HH24:MI') as last_watched_at from (${patterns(`'${moment}'`)}) patterns`,
  );
  expect(row).toEqual({
    viewings: "4",
    courses: "3",
    episodes: "3",
    watch_seconds: "2400",
    average_seconds: "600.0",
    completion_rate: "0.5000",
    favorite_origin: "korean",
    favorite_category: "Romance",
    favorite_hour: 20,
    favorite_weekday: 1,
    favorite_device: "tv",
    favorite_quality: "UHD_4K",
    favorite_subtitles: "portuguese",
    last_watched_at: "2025-01-20 20:00",
  });
});

test("the time before the moment and the time zone can be chosen", async () => {
  const [week] = await database.sql.unsafe(patterns(`'${moment}', '8 days'`));
  expect(week).toMatchObject({ viewings: "3", favorite_hour: 20 });
  const [seoul] = await database.sql.unsafe(patterns(`'${moment}', '10 days', 'Asia/Seoul'`));
  expect(seoul).toMatchObject({ favorite_hour: 5, favorite_weekday: 2 });
});

test("without viewings the counts are 0 and the rest is null", async () => {
  const [row] = await database.sql.unsafe(patterns("'2024-12-01'"));
  expect(row).toMatchObject({
    viewings: "0",
    courses: "0",
    watch_seconds: "0",
    completion_rate: null,
    favorite_category: null,
    favorite_hour: null,
    last_watched_at: null,
  });
});

test("the application sees the viewings of its own user only", async () => {
  const app = await logIn(database, "doramaflix_app");
  expect((await queryFor(app, user, patterns(`'${moment}'`)))[0]).toMatchObject({ viewings: "4" });
  for (const other of [id("user", 2), ""]) {
    const rows = await queryFor(app, other, patterns(`'${moment}'`));
    expect(rows[0]).toMatchObject({ viewings: "0" });
  }
  const readonly = await logIn(database, "doramaflix_readonly");
  await expect(readonly.unsafe(patterns(`'${moment}'`))).rejects.toMatchObject({ code: "42501" });
});

test("reads the partitions of the time only, for a given moment and for the present", async () => {
  const partitions = async (args: string): Promise<string[]> => {
    const read = await readBy(database.sql, patterns(args));
    return [...read].filter((name) => /^watch_history_\d+_\d+$/.test(name)).toSorted();
  };
  expect(await partitions(`'${moment}', '10 days'`)).toEqual(["watch_history_2025_01"]);
  expect(await partitions("now(), '90 days'")).toEqual(
    await partitionsSince(database.sql, "watch_history", 90),
  );
});

test("prunes as a prepared statement as well, whose moment is unknown when it is planned", async () => {
  await database.sql.unsafe(`
    set plan_cache_mode = force_generic_plan;
    prepare patterns(uuid, timestamptz) as select * from get_user_viewing_patterns($1, $2, '10 days')`);
  const read = await readBy(database.sql, `execute patterns('${user}', '${moment}')`);
  await database.sql.unsafe("reset plan_cache_mode");
  expect([...read].filter((name) => /^watch_history_\d+_\d+$/.test(name))).toEqual([
    "watch_history_2025_01",
  ]);
});
