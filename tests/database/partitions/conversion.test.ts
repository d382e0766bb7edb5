import { beforeAll, expect, test } from "vitest";
import { createDatabaseWithEngine, createRole, type TestDatabase } from "../../support/database.ts";

let role: string;
let database: TestDatabase;
let sql: TestDatabase["sql"];

beforeAll(async () => {
  role = await createRole();
  database = await createDatabaseWithEngine();
  ({ sql } = database);
  await sql.unsafe("create table event (id int primary key, at date not null)");
});

/** The cut that the end of November leads to, where there is a row with such a key. */
async function cut(key: string): Promise<unknown> {
  await sql`truncate event`;
  await sql`insert into event values (1, ${key}::text::date)`;
  const [row] = await sql`
    select conversion_cut('event', 'at', 'monthly', 'date', '2026-11-30 12:00:00+00')::text as cut`;
  return row?.["cut"];
}

async function digest(): Promise<unknown> {
  const [row] = await sql`select relation_fingerprint('event') as digest`;
  return row?.["digest"];
}

test("a cut-over that comes late creates the partitions up to the present one", async () => {
  const rows = await sql<{ statement: string }[]>`
    select p.statement
    from plan_conversion('event', 'at', 'monthly', 'date', '2026-01-01', 1, '2026-03-20') p
    where p.statement like '%create_partition%'
    union all
    select 'later: ' || a.statement
    from conversion_ahead_statements('event', 'monthly', '2026-01-01', 1, '2026-03-20') a`;
  expect(rows.map(({ statement }) => statement)).toEqual([
    "select public.create_partition('public.event', 'monthly', '2026-01-01')",
    "select public.create_partition('public.event', 'monthly', '2026-02-01')",
    "select public.create_partition('public.event', 'monthly', '2026-03-01')",
    "later: select public.create_partition('public.event', 'monthly', '2026-04-01')",
  ]);
});

test("the cut is the first period after the greatest key and after the next day", async () => {
  expect(await cut("2026-01-01")).toBe("2027-01-01 00:00:00");
  expect(await cut("2027-01-01")).toBe("2027-02-01 00:00:00");
  await expect(cut("infinity")).rejects.toMatchObject({ code: "DF041" });
});

test("neither function acts on a table that is not ready for it", async () => {
  await sql`truncate event`;
  const convert = async () =>
    sql`select * from convert_to_partitions('event', 'at', 'monthly', null, 3)`;
  await expect(convert()).rejects.toMatchObject({ code: "DF041" });
  await expect(sql`select undo_conversion('event')`).rejects.toMatchObject({ code: "DF042" });
  await sql`create view v as select id from event`;
  await expect(convert()).rejects.toMatchObject({
    code: "DF040",
    detail: expect.stringContaining("it is used by the view") as string,
  });
  await sql`drop view v`;
});

test("who does not see all rows can neither convert a table nor undo that", async () => {
  await sql.unsafe(`
    create table hidden (at date not null);
    alter table hidden owner to ${role};
    alter table hidden enable row level security, force row level security`);
  await sql.begin(async (session) => {
    await session.unsafe(`grant select on partition_policies to ${role}; set local role ${role}`);
    const rows = await session`select problem from conversion_problems('hidden', 'at', null)`;
    expect(rows).toContainEqual({ problem: "its row-level security hides rows from you" });
  });
  await sql`drop table hidden`;
});

test("what changed between the planning and the lock lets nothing run", async () => {
  const run = async () => sql`
    select run_under_lock('event', 'other', array['lock table public.event in access exclusive mode', 'drop table public.event'])`;
  await expect(run()).rejects.toMatchObject({ code: "55P03" });
  expect(await sql`select to_regclass('event')::text as name`).toEqual([{ name: "event" }]);
});

test("the digest of a table changes with a privilege, a column's privilege and a view", async () => {
  const digests = [await digest(), await digest()];
  for (const statement of [
    "grant select on event to pg_monitor",
    "grant update (at) on event to pg_monitor",
    "create view w as select at from event",
  ]) {
    await sql.unsafe(statement);
    digests.push(await digest());
  }
  expect(new Set(digests).size).toBe(4);
});
