import type postgres from "postgres";

/** What refresh_decision() says. */
export interface Decision {
  readonly mode: string | null;
  readonly reason: string;
}

/** A row of matview_refreshes, as far as tests look at it. */
export interface Refresh extends Decision {
  readonly refresh_id: string | null;
  readonly view_name: string;
  readonly error: string | null;
  readonly base_changes: string | null;
  readonly changed_rows: string | null;
}

interface Wish {
  readonly mode?: string;
  readonly patience?: string;
}

/** Refreshes one view in a transaction of its own. */
export async function refresh(
  sql: postgres.Sql,
  view: string,
  { mode = "auto", patience = "10 seconds" }: Wish = {},
): Promise<Refresh> {
  const [row] = await sql<Refresh[]>`
    select * from public.refresh_materialized_view(${view}::text::regclass, ${mode}, ${patience}::text::interval)`;
  if (row === undefined) throw new Error("There is no row.");
  return row;
}

export async function decide(sql: postgres.Sql, view: string, given = "auto"): Promise<Decision> {
  const [row] = await sql<Decision[]>`
    select mode, reason from public.refresh_decision(${view}::text::regclass, ${given})`;
  if (row === undefined) throw new Error("There is no row.");
  return row;
}

/** Returns what base_changes() says of a view. */
export async function changesBelow(sql: postgres.Sql, view: string): Promise<postgres.Row> {
  const [row] = await sql`
    select state, changes::int, to_jsonb(changed_bases::text[]) as bases from public.base_changes(${view}::text::regclass)`;
  if (row === undefined) throw new Error("There is no row.");
  return row;
}
