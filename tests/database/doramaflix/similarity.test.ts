import { beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, id, insertCatalogue, logIn } from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: 1, courses: 4 });
  const [one, two, three] = [id("course", 1), id("course", 2), id("course", 3)];
  await database.sql.unsafe(`
    update courses set drama_origin = 'korean' where id in ('${one}', '${two}');
    update courses set drama_origin = 'thai' where id = '${three}';
    insert into categories (name, slug) select n, n from generate_series(1, 4) n;
    insert into course_categories select '${one}', id from categories where name in ('1', '2', '3');
    insert into course_categories select '${two}', id from categories where name in ('2', '3', '4');
    insert into tags (name, slug) values ('time travel', 'time-travel');
    insert into course_tags select unnest(array['${one}', '${two}']::uuid[]), id from tags;
    insert into persons (id, name) select id, 'Person' from courses where id <> '${id("course", 4)}';
    -- One acts in the first and directs the second, twice in one of them; the other two in one each.
    insert into cast_members (course_id, person_id, role) values
      ('${one}', '${one}', 'Lead'), ('${one}', '${one}', 'Twin'), ('${one}', '${two}', 'Friend'), ('${two}', '${three}', 'Lead');
    insert into crew_members (course_id, person_id, role, department) values ('${two}', '${one}', 'director', 'direction');
    insert into similar_courses (course_id, place, similar_course_id, similarity) values
      ('${one}', 1, '${two}', 0.5), ('${two}', 1, '${one}', 0.4)`);
});

async function similarity(one: number, other: number): Promise<unknown> {
  const [row] = await database.sql.unsafe<{ similarity: string | null }[]>(
    `select calculate_content_similarity('${id("course", one)}', '${id("course", other)}') as similarity`,
  );
  return row?.similarity;
}

test("is the weighted sum of what two courses have in common, computed by hand", async () => {
  // Categories 2 of 4, the only tag, 1 of 3 persons, the same origin, and half of the viewers.
  const expected = 0.2 * (2 / 4) + 0.15 * 1 + 0.15 * (1 / 3) + 0.15 * 1 + 0.35 * 0.5;
  expect(await similarity(1, 2)).toBe(expected.toFixed(4));
  expect(await similarity(2, 1)).toBe(expected.toFixed(4));
});

test("is 0 without anything in common, 1 for the same course, and null for one that does not exist", async () => {
  expect(await similarity(1, 3)).toBe("0.0000");
  expect(await similarity(4, 4)).toBe("1.0000");
  expect(await similarity(1, 9)).toBeNull();
  expect(await similarity(9, 9)).toBeNull();
});

test("the application gets the same, whoever its user is", async () => {
  const app = await logIn(database, "doramaflix_app");
  const [row] = await app.unsafe(
    `select calculate_content_similarity('${id("course", 1)}', '${id("course", 2)}') as similarity`,
  );
  expect(row?.["similarity"]).toBe(await similarity(1, 2));
});
