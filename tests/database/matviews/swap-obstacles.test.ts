import { beforeAll, beforeEach, expect, test } from "vitest";
import { createDatabaseWithEngine, createRole, type TestDatabase } from "../../support/database.ts";
import { refresh } from "./views.ts";

let database: TestDatabase;
let roles: [string, string];

beforeAll(async () => {
  roles = [await createRole(), await createRole()];
  database = await createDatabaseWithEngine();
  await database.sql.unsafe(
    "create schema closed; create table base (id int, n int); insert into base values (1, 1)",
  );
});

beforeEach(async () => {
  const drops = [
    "alter extension plpgsql drop materialized view v",
    "drop materialized view v cascade",
  ];
  const more = [
    "drop table t cascade",
    "drop view t cascade",
    "drop function f",
    "delete from pg_seclabel",
  ];
  for (const each of [...drops, ...more]) await database.sql.unsafe(each).catch(() => {});
});

function named(text: string): string {
  return text.replaceAll("ONE", roles[0]).replaceAll("OTHER", roles[1]);
}

const cases: readonly (readonly [statement: string, obstacle: string])[] = [
  [
    "create materialized view above as select id from v",
    "rule _RETURN on materialized view above depends on it",
  ],
  [
    "create function f() returns bigint begin atomic select count(*) from v; end",
    "function f() depends on it",
  ],
  ["create table t (of_v v)", "table t depends on it"],
  ["create function f(v) returns int language sql as 'select 1'", "function f(v) depends on it"],
  [
    "create function f(v[]) returns int language sql as 'select 1'",
    "function f(v[]) depends on it",
  ],
  ["create view whole as select v from v", "view whole depends on it"],
  [
    "create policy p on base using (id in (select id from v))",
    "policy p on table base depends on it",
  ],
  [
    "create table t (id int); create rule r as on insert to t do also select * from v",
    "rule r on table t depends on it",
  ],
  [
    "create view t as select 1 as id; create rule r as on insert to t do also select * from v",
    "rule r on view t depends on it",
  ],
  [
    "create statistics v_statistics on id, n from v",
    "statistics object v_statistics depends on it",
  ],
  ["alter extension plpgsql add materialized view v", "it belongs to an extension"],
  ["alter materialized view v depends on extension plpgsql", "it depends on an extension"],
  [
    "create index v_n on v (n); alter index v_n depends on extension plpgsql",
    "it depends on an extension",
  ],
  [
    "insert into pg_seclabel values ('v'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret')",
    "it has a security label",
  ],
  [
    "grant select on v to ONE with grant option; set role ONE; grant select on v to OTHER; reset role",
    "privileges on it were granted by ONE",
  ],
];

test.each(cases)("%s", async (statement, obstacle) => {
  const { sql } = database;
  await sql.unsafe(
    "create materialized view v as select id, n from base; create unique index v_id on v (id)",
  );
  expect(await sql`select swap_obstacles('v') as obstacle`).toEqual([]);
  await sql.unsafe(named(statement));
  // The names are qualified, since the function has a path of its own.
  const [found, ...others] = await sql<{ obstacle: string }[]>`
    select replace(swap_obstacles('v'), 'public.', '') as obstacle`;
  expect(others).toEqual([]);
  expect(found?.obstacle).toBe(named(obstacle));
  await expect(refresh(sql, "v", { mode: "swap" })).rejects.toMatchObject({ code: "DF055" });
  expect(await refresh(sql, "v")).toMatchObject({ mode: "concurrently", error: null });
});

test("what the one who refreshes may not do", async () => {
  const { sql } = database;
  const [one, other] = roles;
  await sql.unsafe(`create materialized view v as select id from base; create view closed.w as select id from v;
    alter view closed.w owner to ${one}; create view x as select id from v; grant usage on schema closed to ${one};
    alter materialized view v owner to ${one}`);
  const obstacles = async (): Promise<unknown> =>
    sql.begin(async (session) => {
      await session.unsafe(`set local role ${one}`);
      return session`select swap_obstacles('v') as obstacle order by 1`;
    });
  const superuser = new URL(database.url).username;
  const expected = [
    `${one} may not create in schema closed`,
    `${one} may not create in schema public`,
    `view public.x depends on it and belongs to ${superuser}`,
  ];
  expect(await obstacles()).toEqual(expected.map((obstacle) => ({ obstacle })));
  await sql.unsafe(`alter view x owner to ${one}; grant create on schema public, closed to ${one}`);
  expect(await obstacles()).toEqual([]);
  await sql.unsafe(`alter materialized view v owner to ${other}`);
  expect(await obstacles()).toContainEqual({ obstacle: `it belongs to ${other}` });
});
