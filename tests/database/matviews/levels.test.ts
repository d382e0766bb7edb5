import { beforeAll, expect, test } from "vitest";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    create schema "Other ""Place";
    create table base (id int, n int);
    create materialized view a as select * from base;
    create materialized view b as select * from a;
    create materialized view c as select * from b;
    create materialized view left_side as select id from a;
    create materialized view right_side as select id from b;
    create materialized view "Bottom ""1" as select id from left_side union select id from right_side;
    create view between_1 as select * from a;
    create view between_2 as select * from between_1;
    create materialized view "Other ""Place"."Capital View" as select * from between_2;
    create function of_b() returns bigint begin atomic select count(*) from b; end;
    create materialized view by_body as select of_b() as n;
    create function hidden() returns bigint stable language sql as 'select count(*) from public.c';
    create materialized view by_text as select hidden() as n;
    create function same(int, int) returns boolean begin atomic select $1 = $2 and exists (select from a); end;
    create operator ==== (function = same, leftarg = int, rightarg = int);
    create materialized view by_operator as select id from base where id ==== n;`);
});

test("each view is one level above the highest that it needs", async () => {
  const rows =
    await database.sql`select view::text, level, to_jsonb(needs::text[]) as needs from materialized_views()`;
  const needs = Object.fromEntries(
    rows.map((row) => [row["view"] as string, row["needs"] as unknown]),
  );
  expect(needs).toEqual({
    a: [],
    b: ["a"],
    c: ["b"],
    left_side: ["a"],
    right_side: ["b"],
    '"Bottom ""1"': ["left_side", "right_side"],
    '"Other ""Place"."Capital View"': ["a"],
    by_body: ["b"],
    by_text: [],
    by_operator: ["a"],
  });
  expect(rows.map(({ view, level }) => `${String(level)} ${String(view)}`)).toEqual([
    "0 a",
    "0 by_text",
    '1 "Other ""Place"."Capital View"',
    "1 b",
    "1 by_operator",
    "1 left_side",
    "2 by_body",
    "2 c",
    "2 right_side",
    '3 "Bottom ""1"',
  ]);
});

test("names come as they are in the catalog", async () => {
  const rows = await database.sql`
    select schema_name, view_name from materialized_views() where view_name ~ '^[A-Z]' order by view_name`;
  expect(rows).toEqual([
    { schema_name: "public", view_name: 'Bottom "1' },
    { schema_name: 'Other "Place', view_name: "Capital View" },
  ]);
});

test("a function with a string for a body hides what it reads, and is named", async () => {
  const [row] = await database.sql`
    select to_jsonb(changes_without_bases('by_text')) as hidden, to_jsonb(changes_without_bases('by_body')) as seen`;
  expect(row).toEqual({ hidden: ["public.hidden()"], seen: [] });
});

test("a circle, made by replacing a function, does not hang", async () => {
  const { sql } = await createDatabaseWithEngine();
  await sql.unsafe(`
    create function of_x() returns bigint begin atomic select 1::bigint; end;
    create materialized view x as select of_x() as n;
    create materialized view y as select n from x;
    create or replace function of_x() returns bigint begin atomic select count(*) from y; end;`);
  expect(
    await sql`select view::text, to_jsonb(needs::text[]) as needs from materialized_views() order by 1`,
  ).toEqual([
    { view: "x", needs: ["y"] },
    { view: "y", needs: ["x"] },
  ]);
});
