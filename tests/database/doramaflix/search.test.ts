import { beforeAll, describe, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, logIn, readBy } from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
  await database.sql.unsafe(`
    insert into courses (title, original_title, description, status, drama_origin) values
      ('Crash Landing on You', '사랑의 불시착', 'An heiress lands in the North.', 'published', 'korean'),
      ('São Paulo Nights', null, null, 'published', 'other'),
      ('The Untamed', '陈情令', null, 'published', 'chinese'),
      ('Midnight Diner', '深夜食堂', null, 'published', 'japanese'),
      ('First Love', '初恋ラブストーリー', null, 'published', 'japanese'),
      ('Kingdom', '킹덤', 'There is no crash in it.', 'published', 'korean'),
      ('Crash Course', null, null, 'draft', 'korean'),
      ('Grey''s', null, null, 'published', 'other');
    -- So many that an index is worth its while; and common ones, of which the popular ones are wanted.
    insert into courses (title, status, popularity, drama_origin)
      select 'Common ' || md5(n::text), 'published', n, case when n % 100 = 0 then 'thai' end::drama_origin
      from generate_series(1, 3000) n;
    `);
  // Until it is vacuumed, a GIN index is searched together with a list of all that was just inserted.
  await database.sql.unsafe("vacuum analyze courses");
});

async function titles(query: string | null, ...rest: readonly string[]): Promise<string[]> {
  const rows = await database.sql.unsafe<{ title: string }[]>(
    `select title from search_courses(${["$1", ...rest].join(", ")})`,
    [query],
  );
  return rows.map(({ title }) => title);
}

describe("finds, through the index", () => {
  test.each([
    ["crash", "Crash Landing on You"],
    ["CRASH land", "Crash Landing on You"],
    ["you landing", "Crash Landing on You"],
    ["불시착", "Crash Landing on You"],
    ["사랑", "Crash Landing on You"],
    ["사랑의불시착", "Crash Landing on You"],
    ["착", "Crash Landing on You"],
    ["sao", "São Paulo Nights"],
    ["SÃO paulo", "São Paulo Nights"],
    ["Sa\u0303o", "São Paulo Nights"],
    ["情令", "The Untamed"],
    ["夜食", "Midnight Diner"],
    ["ラブ", "First Love"],
    ["ｌｏｖｅ", "First Love"],
    ["greys", "Grey's"],
    ["grey's", "Grey's"],
  ])("%s", async (query, title) => {
    expect((await titles(query))[0]).toBe(title);
    const literal = `'${query.replaceAll("'", "''")}'`;
    const read = await readBy(database.sql, `select * from search_courses(${literal})`);
    expect(read).toContain("idx_courses_search_vector");
  });
});

test("a title counts more than a description, and a draft is not found", async () => {
  expect(await titles("crash")).toEqual(["Crash Landing on You", "Kingdom"]);
});

test("all words must be there, characters of a run as neighbours", async () => {
  expect(await titles("crash kingdom")).toEqual(["Kingdom"]);
  expect(await titles("crash nowhere")).toEqual([]);
  expect(await titles("令情")).toEqual([]);
});

test("the origin and the number of rows narrow it", async () => {
  expect(await titles("crash", "'korean'")).toHaveLength(2);
  expect(await titles("crash", "'thai'")).toEqual([]);
  expect(await titles("common", "null", "3")).toHaveLength(3);
  expect(await titles("common", "'thai'", "100")).toHaveLength(30);
});

test("of a common word the most popular courses are the answer", async () => {
  const rows = await database.sql.unsafe<{ popularity: number }[]>(
    "select popularity from search_courses('common', max_rows => 3)",
  );
  expect(rows.map(({ popularity }) => popularity)).toEqual([3000, 2999, 2998]);
});

describe("nothing is found for, and no error comes from", () => {
  test.each([
    ["null", null],
    ["nothing", ""],
    ["spaces", "   "],
    ["%", "%"],
    ["a quote", "'"],
    ["quotes and a backslash", "''\"\\"],
    ["punctuation", "!!! ??? ..."],
    ["a prefix of nothing", "':*"],
    ["operators", "zzz & | ! <-> ( ) :* \\"],
    ["a weight", "zzz:a"],
    ["invisible characters", "\u200b\ufeff"],
    ["an emoji", "😀"],
    ["a statement", "'; drop table courses; --"],
    ["a very long word", "z".repeat(100_000)],
    ["very many words", "zzz ".repeat(50_000)],
    ["a very long run of characters", "龘".repeat(50_000)],
    ["an emoji at the cut", `${"z".repeat(199)}😀`],
  ])("%s", async (_name, query) => {
    expect(await titles(query)).toEqual([]);
  });
});

test("a long query is cut, not refused", async () => {
  expect(await titles(`crash landing on you ${" ".repeat(200)} nowhere`)).toEqual([
    "Crash Landing on You",
  ]);
});

test("the application and reports may search", async () => {
  for (const role of ["doramaflix_app", "doramaflix_readonly"]) {
    const session = await logIn(database, role);
    expect(await session.unsafe("select from search_courses('crash')")).toHaveLength(2);
  }
});
