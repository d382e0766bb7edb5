import { beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, insertCatalogue, logIn } from "./catalogue.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDoramaflix();
});

async function materializedViews(): Promise<string[]> {
  const rows = await database.sql.unsafe<{ name: string }[]>(
    "select matviewname::text as name from pg_matviews order by 1",
  );
  return rows.map(({ name }) => name);
}

/** Returns how many materialized views nobody can read while a call runs. */
async function viewsThatReadersWaitFor(call: string): Promise<number> {
  await database.sql.unsafe("begin");
  await database.sql.unsafe(`select ${call}`);
  const rows = await database.sql.unsafe(`
    select from pg_locks join pg_matviews on matviewname::regclass = relation
    where pid = pg_backend_pid() and mode = 'AccessExclusiveLock'`);
  await database.sql.unsafe("rollback");
  return rows.length;
}

test("a member of the owner refreshes every materialized view below which something has changed", async () => {
  const owner = await logIn(database, "doramaflix_owner");
  // What a copy of a database remembers of its views was counted in the other one.
  await owner.unsafe("select refresh_all_analytics_views()");
  await insertCatalogue(database.sql, { users: 3, courses: 2 });
  // Otherwise the statistics of the session reach others after up to ten seconds.
  await database.sql.unsafe("select pg_stat_force_next_flush()");
  const refresh = async (): Promise<Record<string, unknown>[]> =>
    owner.unsafe("select * from refresh_all_analytics_views() order by view");
  const first = await refresh();
  expect(first.map(({ view }) => view)).toEqual(await materializedViews());
  expect(first.filter(({ mode_used }) => mode_used !== null).map(({ view }) => view)).toEqual([
    "mv_content_dashboard",
    "mv_popular_content",
    "mv_user_insights",
    "mv_user_recommendations",
  ]);
  const [counts] = await database.sql.unsafe(`
    select (select count(*) from mv_popular_content)::int as courses, (select count(*) from mv_user_insights)::int as users`);
  expect(counts).toEqual({ courses: 2, users: 3 });
  const second = await refresh();
  expect(second.map(({ reason }) => reason)).toEqual([
    "not_due",
    "unchanged",
    "not_due",
    "not_due",
    "not_due",
  ]);
});

test("readers do not wait for views that they can read, unless it is plain", async () => {
  await database.sql.unsafe("analyze");
  expect(await viewsThatReadersWaitFor("refresh_all_analytics_views('concurrently')")).toBe(0);
  expect(await viewsThatReadersWaitFor("refresh_all_analytics_views('plain')")).toBe(5);
});

test("a view that was never filled is filled", async () => {
  await database.sql.unsafe("refresh materialized view mv_popular_content with no data");
  await database.sql.unsafe("select refresh_all_analytics_views()");
  expect(await database.sql.unsafe("select from mv_popular_content")).toHaveLength(2);
});

test("the application may not refresh", async () => {
  const app = await logIn(database, "doramaflix_app");
  await expect(app.unsafe("select refresh_all_analytics_views()")).rejects.toMatchObject({
    code: "42501",
  });
});
