import { expect, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../../support/catalog-fingerprint.ts";
import { createDatabaseWithEngine, type TestDatabase } from "../../support/database.ts";

async function create(): Promise<TestDatabase> {
  const database = await createDatabaseWithEngine();
  await database.sql.unsafe(`
    create table base (id int primary key, n int); insert into base values (1, 1), (2, 2);
    create materialized view a as select id, n from base;
    create view between as select id, n from a;
    create materialized view b as select id, 100 / n as n from between;
    create materialized view c as select id, n from b;
    create materialized view d as select sum(n)::int as n from base;
    create materialized view e as select count(*)::int as n from between;`);
  return database;
}

test("one call brings all up to date, in order, also through a plain view over a swapped one", async () => {
  const { sql } = await create();
  await sql`insert into base values (3, 4)`;
  const before = await catalogFingerprint(sql);
  const rows = await sql`select view_name, mode, reason from refresh_materialized_views()`;
  expect(rows).toEqual(
    [
      { view_name: "a", mode: "swap", reason: "no_unique_index" },
      { view_name: "b", mode: "plain", reason: "no_unique_index" },
      { view_name: "c", mode: "swap", reason: "no_unique_index" },
      { view_name: "d", mode: "swap", reason: "no_unique_index" },
      { view_name: "e", mode: "swap", reason: "no_unique_index" },
    ].toSorted((one, other) => orderOf(rows, one) - orderOf(rows, other)),
  );
  const [row] =
    await sql`select (select n from c where id = 3) as c, (select n from d) as d, (select n from e) as e`;
  expect(row).toEqual({ c: 25, d: 7, e: 3 });
  expect(fingerprintDifference(before, await catalogFingerprint(sql))).toBe("");
  expect(await sql`select distinct reason from refresh_materialized_views()`).toEqual([
    { reason: "unchanged" },
  ]);
});

/** Swaps that nobody needs come last, in the order of their levels. */
function orderOf(
  rows: readonly Record<string, unknown>[],
  { view_name }: { readonly view_name: string },
): number {
  return rows.findIndex((row) => row["view_name"] === view_name);
}

test("a view that fails keeps those that read it from being refreshed, and no others", async () => {
  const { sql } = await create();
  await sql`select from refresh_materialized_views()`;
  await sql`insert into base values (3, 0)`;
  const rows = await sql`select view_name, mode, reason, error from refresh_materialized_views()`;
  const found = Object.fromEntries(
    rows.map(({ view_name, ...rest }) => [view_name as string, rest]),
  );
  expect(found).toEqual({
    a: { mode: "swap", reason: "no_unique_index", error: null },
    b: { mode: "plain", reason: null, error: "division by zero" },
    c: { mode: null, reason: "source_failed", error: null },
    d: { mode: "swap", reason: "no_unique_index", error: null },
    e: { mode: "swap", reason: "no_unique_index", error: null },
  });
  const [row] =
    await sql`select (select count(*)::int from a) as a, (select count(*)::int from c) as c, (select n from d) as d`;
  expect(row).toEqual({ a: 3, c: 2, d: 3 });
  expect(await sql`select error from matview_refreshes where error is not null`).toEqual([
    { error: "division by zero" },
  ]);
  await sql`update base set n = 5 where n = 0`;
  await sql`select from refresh_materialized_views()`;
  expect(await sql`select n from c where id = 3`).toEqual([{ n: 20 }]);
});

test("only those that are given", async () => {
  const { sql } = await create();
  const rows =
    await sql`select view_name from refresh_materialized_views(array['d', 'a']::regclass[], 'plain')`;
  expect(rows).toEqual([{ view_name: "a" }, { view_name: "d" }]);
});
