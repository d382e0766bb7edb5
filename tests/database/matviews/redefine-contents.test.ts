import type postgres from "postgres";
import { beforeEach, describe, expect, test } from "vitest";
import { createDatabaseWithEngine, openSession } from "../../support/database.ts";
import { applyDefinitions } from "../../support/definitions.ts";

let sql: postgres.Sql;
let url: string;

const totals =
  "create materialized view totals as select region, sum(amount) as total from sales group by region;";

beforeEach(async () => {
  ({ sql, url } = await createDatabaseWithEngine());
  await sql.unsafe(`
    create table sales (region text, amount int);
    insert into sales values ('north', 1), ('north', 2), ('south', 3)`);
});

async function oidOf(relation: string): Promise<unknown> {
  return (await sql`select ${relation}::regclass::oid::int as oid`)[0]?.["oid"];
}

function plain(columns: string): Record<string, string> {
  return {
    "views/totals.sql": totals,
    "views/plain.sql": `create or replace view plain as select ${columns} from totals;`,
    "views/above.sql": "create materialized view above as select region from plain;",
  };
}

describe("a plain view", () => {
  beforeEach(async () => {
    await applyDefinitions(sql, plain("region"));
    await sql`create view by_hand as select region from plain`;
  });

  test("whose columns only grow is replaced in its place, and what depends on it stays", async () => {
    const before = [await oidOf("plain"), await oidOf("above"), await oidOf("by_hand")];
    expect(await applyDefinitions(sql, plain("region, total"))).toEqual(["views/plain.sql"]);
    expect([await oidOf("plain"), await oidOf("above"), await oidOf("by_hand")]).toEqual(before);
  });

  test("with other columns is replaced with the views that read it, and by hand those in no file", async () => {
    const before = await oidOf("by_hand");
    expect(await applyDefinitions(sql, plain("total, region"))).toEqual([
      "views/plain.sql",
      "views/above.sql",
    ]);
    expect(await oidOf("by_hand")).toBe(before);
    expect(await sql`select b.region from by_hand b join above using (region) order by 1`).toEqual([
      { region: "north" },
      { region: "south" },
    ]);
  });
});

function withNoData(column: string): Record<string, string> {
  return {
    "views/late.sql": `create materialized view late as select amount as ${column} from sales with no data;`,
  };
}

test("a view that has contents keeps having some, though its file says WITH NO DATA", async () => {
  await applyDefinitions(sql, withNoData("a"));
  await applyDefinitions(sql, withNoData("b"));
  expect(await sql`select relispopulated as p from pg_class where relname = 'late'`).toEqual([
    { p: false },
  ]);
  await sql.unsafe("refresh materialized view late");
  await applyDefinitions(sql, withNoData("c"));
  expect(await sql`select sum(c)::int as c from late`).toEqual([{ c: 6 }]);
});

test("a reader whose snapshot is older than the new view finds its rows", async () => {
  await applyDefinitions(sql, { "views/totals.sql": totals });
  await openSession(url).begin("isolation level repeatable read", async (reader) => {
    await reader`select from sales`;
    await applyDefinitions(sql, { "views/totals.sql": totals.replace("sum", "max") });
    expect(await reader`select region, total::int from totals order by 1`).toEqual([
      { region: "north", total: 2 },
      { region: "south", total: 3 },
    ]);
  });
});
