import type postgres from "postgres";
import {
  createDoramaflixDatabase,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";

/** Creates a database with the whole project in it, and partitions for the time around the present. */
export async function createDoramaflix(): Promise<TestDatabase> {
  const database = await createDoramaflixDatabase();
  await database.sql.unsafe(`
    set timezone = 'UTC';
    do $$
    declare
      first_month constant date := date_trunc('month', now() - interval '6 months');
      month date;
      year integer;
    begin
      for month in select first_month + make_interval(months => n) from generate_series(0, 7) n loop
        execute format('create table if not exists watch_history_%s partition of watch_history for values from (%L) to (%L)',
          to_char(month, 'YYYY_MM'), month, month + interval '1 month');
        execute format('create table if not exists content_analytics_%s partition of content_analytics for values from (%L) to (%L)',
          to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
      end loop;
      for year in select extract(year from now())::integer + n from generate_series(-2, 1) n loop
        execute format('create table if not exists user_progress_%s partition of user_progress for values from (%L) to (%L)',
          year, make_date(year, 1, 1), make_date(year + 1, 1, 1));
      end loop;
    end $$`);
  return database;
}

/** Opens a session of a new login that is a member of a role. */
export async function logIn(database: TestDatabase, role: string): Promise<postgres.Sql> {
  const user = await createRole(`in role ${role}`);
  return openSession(urlOf({ database: database.name, user, password: "secret" }));
}

/** Runs a query of the application for a user. */
export async function queryFor(
  app: postgres.Sql,
  user: string,
  query: string,
): Promise<readonly postgres.Row[]> {
  await app.unsafe("select set_config('doramaflix.user_id', $1, false)", [user]);
  return app.unsafe(query);
}

/** Returns the id of the numbered user, course or episode; an episode's number is 100 × its course + its own. */
export function id(kind: "user" | "course" | "episode", number: number): string {
  const start = { user: "aaaaaaaa", course: "cccccccc", episode: "eeeeeeee" }[kind];
  return `${start}-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Inserts numbered users, and published courses with two episodes of 1,000 seconds each. */
export async function insertCatalogue(
  sql: postgres.Sql,
  size: { readonly users: number; readonly courses: number },
): Promise<void> {
  await sql.unsafe(`
    insert into users (id, email, password_hash, first_name, last_name)
      select format('aaaaaaaa-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid, n || '@example.org', 'hash', 'User', n
      from generate_series(1, ${size.users}) n;
    insert into courses (id, title, status, popularity)
      select format('cccccccc-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'Course ' || n, 'published', n
      from generate_series(1, ${size.courses}) n;
    insert into episodes (id, course_id, title, episode_number, video_duration)
      select format('eeeeeeee-0000-4000-8000-%s', lpad((100 * n + number)::text, 12, '0'))::uuid,
        format('cccccccc-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'Episode ' || number, number, 1000
      from generate_series(1, ${size.courses}) n, generate_series(1, 2) number`);
}

/** Inserts viewings: user, course, the moment as SQL, and the seconds if they matter; always the first episode. */
export async function insertViewings(
  sql: postgres.Sql,
  viewings: readonly (readonly [user: number, course: number, moment: string, seconds?: number])[],
): Promise<void> {
  const rows = viewings.map(
    ([user, course, moment, seconds = 0]) =>
      `('${id("user", user)}', '${id("episode", 100 * course + 1)}', ${moment}, ${seconds})`,
  );
  await sql.unsafe(
    `insert into watch_history (user_id, episode_id, watched_at, watch_duration) values ${rows.join(", ")}`,
  );
}

interface PlanNode {
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Loops": number;
  readonly Plans?: readonly PlanNode[];
}

/** Runs a query and returns the tables and indexes that its plan read. */
export async function readBy(sql: postgres.Sql, query: string): Promise<Set<string>> {
  const [row] = await sql.unsafe<{ "QUERY PLAN": string | readonly { Plan: PlanNode }[] }[]>(
    `explain (analyze, costs off, timing off, format json) ${query}`,
  );
  const plan = row?.["QUERY PLAN"] ?? "[]";
  const [root] = (typeof plan === "string" ? JSON.parse(plan) : plan) as { Plan: PlanNode }[];
  const names = new Set<string>();
  const visit = (node: PlanNode): void => {
    if (node["Actual Loops"] > 0) {
      for (const name of [node["Relation Name"], node["Index Name"]]) {
        if (name !== undefined) names.add(name);
      }
    }
    node.Plans?.forEach(visit);
  };
  if (root !== undefined) visit(root.Plan);
  return names;
}

/** Returns the query of a materialized view. */
export async function queryOf(sql: postgres.Sql, view: string): Promise<string> {
  const [row] = await sql.unsafe<{ query: string }[]>(
    `select pg_get_viewdef('${view}'::regclass) as query`,
  );
  return row?.query.replace(/;$/, "") ?? "";
}

/** Returns the names of the monthly partitions of a table that hold the days from some days ago until today. */
export async function partitionsSince(
  sql: postgres.Sql,
  table: string,
  days: number,
): Promise<string[]> {
  const rows = await sql.unsafe<{ name: string }[]>(`
    select format('${table}_%s', to_char(month, 'YYYY_MM')) as name
    from generate_series(date_trunc('month', now() - interval '${days} days'), now(), '1 month') month order by 1`);
  return rows.map(({ name }) => name);
}
