import type postgres from "postgres";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { catalogFingerprint, fingerprintDifference } from "../../support/catalog-fingerprint.ts";
import {
  createDatabaseWithEngine,
  createRole,
  openSession,
  urlOf,
} from "../../support/database.ts";
import { applyDefinitions } from "../../support/definitions.ts";

let sql: postgres.Sql;
let name: string;
let owner: string;

const sales = `
  create table sales (region text, amount int);
  insert into sales values ('north', 1), ('north', 2), ('south', 3)`;

const totals = (column: string): string =>
  `create materialized view totals as select region, sum(amount) as ${column} from sales group by region;`;

beforeAll(async () => {
  owner = await createRole();
});

beforeEach(async () => {
  ({ sql, name } = await createDatabaseWithEngine());
  await sql.unsafe(sales);
  await applyDefinitions(sql, { "views/totals.sql": totals("total") });
});

/** The whole state of the database, contents of views included. */
async function state(): Promise<string[]> {
  const rows = await sql`
    select region, (select string_agg(path || checksum, ' ' order by path) from schema_definitions) as files,
      (select count(*) from matview_refreshes) as refreshes
    from totals order by region`;
  return [...(await catalogFingerprint(sql)), ...rows.map((row) => JSON.stringify(row))];
}

/** A text that cannot be applied, what stands in its way, and what the server says. */
interface Refused {
  readonly file: string;
  readonly byHand?: string;
  readonly code: string;
  readonly detail: RegExp;
}

describe("leaves everything as it was:", () => {
  test.each<[string, Refused]>([
    [
      "a query that fails while it runs",
      {
        file: "create materialized view totals as select 1 / (amount - 3) as total from sales;",
        code: "22012",
        detail: /undefined/,
      },
    ],
    [
      "an index that cannot be unique",
      {
        file: "create materialized view totals as select region, amount as total from sales;\ncreate unique index on totals (region);",
        code: "23505",
        detail: /is duplicated/,
      },
    ],
    [
      "a column that a view in no file needs",
      {
        file: totals("sum_total"),
        byHand: "create view needy as select total from totals",
        code: "DF053",
        detail: /^view public\.needy: column (totals\.)?"?total"? does not exist$/,
      },
    ],
    [
      "a column of another type that a view in no file needs",
      {
        file: "create materialized view totals as select region, sum(amount)::text as total from sales group by region;",
        byHand: "create view needy as select total from totals",
        code: "DF053",
        detail: /^view public\.needy: cannot change data type of view column "total"/,
      },
    ],
    [
      "a materialized view in no file",
      {
        file: totals("total"),
        byHand: "create materialized view needy as select total from totals",
        code: "2BP01",
        detail: /^materialized view public\.needy depends on materialized view public\.totals/,
      },
    ],
  ])("%s", async (_, { file, byHand = "", code, detail }) => {
    await sql.unsafe(byHand);
    const before = await state();
    const run = applyDefinitions(sql, {
      "views/totals.sql": `${file}\n-- another text`,
      "views/new.sql": "create view new as select 1 as one;",
    });
    const thrown: unknown = await run.catch((reason: unknown) => reason);
    expect(thrown).toMatchObject({ code });
    expect(String((thrown as { detail?: string }).detail)).toMatch(detail);
    expect(fingerprintDifference(before, await state())).toBe("");
  });

  test("a column that the view of another file needs", async () => {
    const above = {
      "views/plain.sql": "create or replace view plain as select total from totals;",
      "views/above.sql": "create materialized view above as select total from plain;",
    };
    await applyDefinitions(sql, { "views/totals.sql": totals("total"), ...above });
    const before = await state();
    await expect(
      applyDefinitions(sql, { "views/totals.sql": totals("sum_total"), ...above }),
    ).rejects.toMatchObject({ code: "42703", message: 'column "total" does not exist' });
    expect(fingerprintDifference(before, await state())).toBe("");
    const adapted = "create or replace view plain as select sum_total as total from totals;";
    await applyDefinitions(sql, {
      "views/totals.sql": totals("sum_total"),
      ...above,
      "views/plain.sql": adapted,
    });
    expect(await sql`select count(total)::int as n from above`).toEqual([{ n: 2 }]);
  });
});

describe("drops and creates, as ever,", () => {
  test.each([
    ["where its file names its schema", totals("x").replace("totals", "public.totals"), ""],
    ["where a function has its row type", totals("x"), "function"],
  ])("%s", async (_, text, kind) => {
    const functions: Record<string, string> =
      kind === ""
        ? {}
        : {
            "functions/all_totals.sql":
              "create function all_totals() returns setof totals language sql begin atomic select * from totals; end;",
          };
    await applyDefinitions(sql, { "views/totals.sql": totals("total"), ...functions });
    await applyDefinitions(sql, {
      "views/totals.sql": text,
      ...functions,
      "views/plain.sql": "create view plain as select x from totals;",
    });
    expect(await sql`select sum(x)::int as x from plain`).toEqual([{ x: 6 }]);
    expect(
      await sql`select mode, reason from matview_refreshes where mode = 'plain' and reason = 'redefined'`,
    ).toHaveLength(1);
  });
});

test("a view that reads a changed one through the body of a function gets its rows from the new one", async () => {
  const all = (column: string): Record<string, string> => ({
    "views/totals.sql": totals(column),
    "functions/read.sql": `create or replace function read() returns numeric language plpgsql stable as 'begin return (select sum(${column}) from public.totals); end';`,
    "views/via.sql": `create materialized view via as select read() as ${column};`,
  });
  await applyDefinitions(sql, all("total"));
  await sql.unsafe("insert into sales values ('west', 10)");
  await applyDefinitions(sql, all("other"));
  expect(await sql`select other::int as n from via`).toEqual([{ n: 16 }]);
  await sql.unsafe("insert into sales values ('west', 10)");
  const [same, { "views/via.sql": changed = "" }] = [all("other"), all("x")];
  await applyDefinitions(sql, {
    ...same,
    "views/totals.sql": `${totals("other")} -- anew`,
    "views/via.sql": changed,
  });
  expect(await sql`select x::int as n from via`).toEqual([{ n: 26 }]);
});

/** Gives a role the database with all that is in it; it may not create schemas. */
async function giveTo(role: string): Promise<postgres.Sql> {
  await sql.unsafe(`
    do $$
    declare
      each record;
    begin
      for each in select oid::regprocedure as name from pg_proc where pronamespace = 'public'::regnamespace loop
        execute format('alter routine %s owner to ${role}', each.name);
      end loop;
      for each in select oid::regclass as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'm', 'v') loop
        execute format('alter table %s owner to ${role}', each.name);
      end loop;
    end
    $$;
    grant create on schema public to ${role}`);
  return openSession(urlOf({ database: name, user: role, password: "secret" }));
}

test.each([
  ["may create schemas", "swap"],
  ["may not", "plain"],
])("a role that is no superuser and %s redefines what it owns", async (_, mode) => {
  const session = await giveTo(owner);
  if (mode === "swap") await sql.unsafe(`grant create on database ${name} to ${owner}`);
  const plain = { "views/plain.sql": "create view plain as select region from totals;" };
  await applyDefinitions(session, { "views/totals.sql": totals("total"), ...plain });
  await applyDefinitions(session, { "views/totals.sql": totals("x"), ...plain });
  expect(await session`select count(x)::int as n from totals join plain using (region)`).toEqual([
    { n: 2 },
  ]);
  expect(
    await session`select mode, reason from matview_refreshes order by refresh_id desc limit 1`,
  ).toEqual([{ mode, reason: "redefined" }]);
  await sql.unsafe(`drop owned by ${owner}`);
});

test("a file with a REVOKE says by itself who may do what", async () => {
  await sql.unsafe(`grant select on totals to ${owner}`);
  await applyDefinitions(sql, {
    "views/totals.sql": `${totals("x")}\nrevoke all on totals from public;`,
  });
  expect(
    await sql`select has_table_privilege(${owner}::text, 'totals', 'select') as readable`,
  ).toEqual([{ readable: false }]);
});
