import { beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, id, insertCatalogue, logIn } from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: 4, courses: 3 });
  await database.sql.unsafe(`
    update courses set status = 'draft' where id = '${id("course", 3)}';
    insert into user_favorites (user_id, course_id)
      values ('${id("user", 1)}', '${id("course", 1)}'), ('${id("user", 2)}', '${id("course", 1)}');
    insert into user_reviews (user_id, course_id, rating, is_approved) values
      ('${id("user", 1)}', '${id("course", 1)}', 5, true), ('${id("user", 2)}', '${id("course", 1)}', 4, true),
      ('${id("user", 3)}', '${id("course", 1)}', 4, true), ('${id("user", 4)}', '${id("course", 1)}', 0, false);
    refresh materialized view mv_popular_content`);
});

test("favourites and approved reviews are counted once each, and drafts are left out", async () => {
  const rows = await database.sql.unsafe(`
    select id, favorites_count::int, reviews_count::int, user_rating from mv_popular_content order by popularity`);
  expect(rows).toEqual([
    { id: id("course", 1), favorites_count: 2, reviews_count: 3, user_rating: "4.33" },
    { id: id("course", 2), favorites_count: 0, reviews_count: 0, user_rating: null },
  ]);
});

test("the application and reports may read it", async () => {
  for (const role of ["doramaflix_app", "doramaflix_readonly"]) {
    const session = await logIn(database, role);
    expect(await session.unsafe("select from mv_popular_content")).toHaveLength(2);
  }
});
