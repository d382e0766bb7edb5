import type postgres from "postgres";

/**
 * Three levels, a diamond and a plain view in between:
 *
 *     one ─▸ low ─▸ (plain view "middle") ─▸ left ─┐
 *                └─▸ right ────────────────────────┴─▸ high
 *     two ─▸ apart
 */
export const diamond = `
  create table one (id int primary key, amount int);
  create table two (id int primary key, amount int);
  insert into one select n, n from generate_series(1, 20) n;
  insert into two select n, n from generate_series(1, 20) n;
  create materialized view low as select id, amount from one;
  create view middle as select id, amount from low;
  create materialized view "left" as select id, amount + 1 as amount from middle;
  create materialized view "right" as select id, amount + 2 as amount from low;
  create materialized view high as
    select id, l.amount as l, r.amount as r from "left" l join "right" r using (id);
  create materialized view apart as select id, amount from two;
  select pg_stat_force_next_flush();
`;

/** Runs a statement whose effect on the counts of rows is seen by all other sessions when this returns. */
export async function writeRows(sql: postgres.Sql, statement: string): Promise<void> {
  await sql.unsafe(`${statement}; select pg_stat_force_next_flush()`);
}

/** What matview_refreshes holds, in the order in which it came. */
export async function historyOf(
  sql: postgres.Sql,
): Promise<{ view: string; mode: string | null; reason: string | null; error: string | null }[]> {
  return [
    ...(await sql<
      { view: string; mode: string | null; reason: string | null; error: string | null }[]
    >`select view_name::text as view, mode, reason, error from matview_refreshes order by refresh_id`),
  ];
}
