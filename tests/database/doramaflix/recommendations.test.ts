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
  queryOf,
  readBy,
} from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: 9, courses: 120 });
  const [ago3, ago2, ago1] = [3, 2, 1].map((days) => `now() - interval '${days} days'`) as [
    string,
    string,
    string,
  ];
  await insertViewings(database.sql, [
    [1, 1, ago2],
    [1, 2, ago1],
    [2, 1, ago2],
    [2, 2, ago1],
    [3, 1, ago3],
    [3, 2, ago2],
    [3, 3, ago1],
    [4, 1, ago2],
    [4, 3, ago1],
    // Alone with the fourth course: such a pair does not count.
    [4, 4, ago3],
    [5, 1, ago1],
    [6, 1, "now() - interval '91 days'"],
    [7, 1, ago1],
  ]);
  await database.sql.unsafe(`
    insert into user_progress (user_id, episode_id, last_watched_at)
      values ('${id("user", 7)}', '${id("episode", 201)}', now() - interval '1 year')`);
});

/** Returns the recommended courses of a user, each with ten thousand times its score. */
async function recommendations(user: number): Promise<[number, number][]> {
  const rows = await database.sql.unsafe<{ course: number; score: number }[]>(`
    select right(course_id::text, 12)::int as course, recommendation_score as score
    from mv_user_recommendations where user_id = '${id("user", user)}'
    order by recommendation_score desc, course_id`);
  return rows.map(({ course, score }) => [course, Math.round(score * 10_000)]);
}

test("two courses are as similar as their viewers are the same", async () => {
  await database.sql.unsafe("select compute_similar_courses()");
  const rows = await database.sql
    .unsafe(
      `select right(course_id::text, 12)::int, place, right(similar_course_id::text, 12)::int,
        round(10000 * similarity)::int
      from similar_courses order by course_id, place`,
    )
    .values();
  // Of the users with several courses 4 watched the first, 3 the second and 2 the third; 3 and 2 of them watched two.
  const oneTwo = Math.round((10_000 * 3) / Math.sqrt(4 * 3));
  const oneThree = Math.round((10_000 * 2) / Math.sqrt(4 * 2));
  expect(rows).toEqual([
    [1, 1, 2, oneTwo],
    [1, 2, 3, oneThree],
    [2, 1, 1, oneTwo],
    [3, 1, 1, oneThree],
  ]);
});

test("a user is recommended what is similar to the last courses, the last first, and nothing that was watched", async () => {
  await database.sql.unsafe(
    "select compute_similar_courses(); refresh materialized view mv_user_recommendations",
  );
  expect(await recommendations(5)).toEqual([
    [2, 8660],
    [3, 7071],
  ]);
  // The first course was watched before the second, so it counts 0.8.
  expect(await recommendations(1)).toEqual([[3, 5657]]);
  expect(await recommendations(3)).toEqual([]);
});

test("what was watched long ago is not recommended, and nothing to who has not watched for 90 days", async () => {
  await database.sql.unsafe(
    "select compute_similar_courses(); refresh materialized view mv_user_recommendations",
  );
  expect(await recommendations(7)).toEqual([[3, 7071]]);
  expect(await recommendations(6)).toEqual([]);
});

test("what happened after the moment does not count, nor what happened more than 90 days before", async () => {
  await database.sql.unsafe("select compute_similar_courses(now() - interval '4 days')");
  expect(await database.sql.unsafe("select from similar_courses")).toEqual([]);
  await database.sql.unsafe("select compute_similar_courses(now() + interval '90 days')");
  expect(await database.sql.unsafe("select from similar_courses")).toEqual([]);
});

test("a user gets at most 50, shared out among the courses", async () => {
  await database.sql.unsafe(`
    delete from similar_courses;
    insert into similar_courses (course_id, place, similar_course_id, similarity)
      select first.id, n, other.id, 0.5
      from generate_series(1, 50) n,
        (values (1, '${id("course", 1)}'::uuid), (2, '${id("course", 2)}')) first (number, id),
        lateral (
          select format('cccccccc-0000-4000-8000-%s', lpad((n + 10 + 50 * (first.number - 1))::text, 12, '0'))::uuid as id
        ) other;
    refresh materialized view mv_user_recommendations`);
  expect(await recommendations(5)).toHaveLength(50);
  const both = await recommendations(1);
  expect(both.filter(([, score]) => score === 5000)).toHaveLength(25);
  expect(both.filter(([, score]) => score === 4000)).toHaveLength(25);
  expect(both).toHaveLength(50);
});

test("a draft is not similar to anything, and one that was withdrawn since the refresh is not shown", async () => {
  const app = await logIn(database, "doramaflix_app");
  await database.sql.unsafe(
    "select compute_similar_courses(); refresh materialized view mv_user_recommendations",
  );
  await database.sql.unsafe(`update courses set status = 'draft' where id = '${id("course", 2)}'`);
  const shown = await queryFor(app, id("user", 5), "select course_id from my_recommendations");
  expect(shown).toEqual([{ course_id: id("course", 3) }]);
  await database.sql.unsafe("select compute_similar_courses()");
  expect(
    await database.sql.unsafe(
      `select from similar_courses where '${id("course", 2)}' in (course_id, similar_course_id)`,
    ),
  ).toEqual([]);
  await database.sql.unsafe("update courses set status = 'published'");
});

test("the application reads the rows of its user, and only through the view for it", async () => {
  const app = await logIn(database, "doramaflix_app");
  await database.sql.unsafe(
    "select compute_similar_courses(); refresh materialized view mv_user_recommendations",
  );
  const users = async (user: string): Promise<unknown> =>
    queryFor(app, user, "select distinct user_id from my_recommendations");
  expect(await users(id("user", 5))).toEqual([{ user_id: id("user", 5) }]);
  expect(await users("")).toEqual([]);
  const readonly = await logIn(database, "doramaflix_readonly");
  for (const session of [app, readonly]) {
    await expect(session.unsafe("select from mv_user_recommendations")).rejects.toMatchObject({
      code: "42501",
    });
  }
});

test("two computations at the same time leave one result", async () => {
  const [one, other] = [
    await logIn(database, "doramaflix_owner"),
    await logIn(database, "doramaflix_owner"),
  ];
  await Promise.all(
    [one, other].map(async (sql) => sql.unsafe("select compute_similar_courses()")),
  );
  expect(await database.sql.unsafe("select from similar_courses")).toHaveLength(4);
});

test("the viewings are read in the partitions of the last 90 days only", async () => {
  const read = await readBy(database.sql, await queryOf(database.sql, "mv_user_recommendations"));
  const partitions = [...read].filter((name) => /^watch_history_\d+_\d+$/.test(name));
  expect(partitions.toSorted()).toEqual(await partitionsSince(database.sql, "watch_history", 90));
});
