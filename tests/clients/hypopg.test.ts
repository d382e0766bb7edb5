import { describe, expect, test } from "vitest";
import type { Explanation, IndexSuggestion } from "../../src/slow-queries/explain/results.ts";
import type { SlowQueriesResult } from "../../src/slow-queries/results.ts";
import { runCli } from "../support/cli.ts";
import { openSession } from "../support/database.ts";
import { startDebianServer } from "../support/debian-server.ts";
import { isMissing } from "../support/requirements.ts";

async function explanationOf(url: string, words: string): Promise<Explanation> {
  const list = ["slow-queries", "--explain", "--json", "--limit", "9999"];
  const { stdout, exitCode } = await runCli(list.concat("--url", url));
  expect(exitCode).toBe(0);
  const { statements } = JSON.parse(stdout) as SlowQueriesResult;
  const found = statements?.statements.find(({ query }) => query?.includes(words));
  const explanation = found?.explanation ?? null;
  if (explanation === null) throw new Error(`"${words}" was not explained.`);
  return explanation;
}

async function onlySuggestion(url: string, words: string): Promise<IndexSuggestion> {
  const { indexes } = await explanationOf(url, words);
  const [index, ...others] = indexes;
  if (index === undefined) throw new Error(`No index was suggested for "${words}".`);
  expect(others).toEqual([]);
  return index;
}

/** A table, a partitioned one and one below a partition of another, with names that need quotes. */
const tables = `
  create table orders (id bigint primary key, customer int, state text, "At" timestamptz not null);
  insert into orders select n, n % 5000, 'new', now() - n * interval '1 minute' from generate_series(1, 100000) n;
  update orders set state = 'old' where id < 1000;
  create table "Plays" (id bigint, "User" int, at date not null, kind int) partition by range (at);
  create table "Plays 1" partition of "Plays" for values from ('2026-01-01') to ('2026-02-01');
  create table plays_2 partition of "Plays" for values from ('2026-02-01') to ('2026-03-01') partition by list (kind);
  create table plays_2_even partition of plays_2 for values in (0);
  create table plays_2_odd partition of plays_2 for values in (1);
  insert into "Plays" select n, n % 5000, date '2026-01-01' + n % 59, n % 2 from generate_series(1, 100000) n;
  analyze`;

describe.skipIf(isMissing("debian-server"))("with HypoPG", () => {
  test("an index that is suggested makes the plan as cheap as it says, and is not suggested again", async () => {
    const url = await startDebianServer({ preload: "pg_stat_statements" });
    const sql = openSession(url);
    await sql.unsafe(`create extension pg_stat_statements; ${tables}`);
    const byTable =
      "select * from orders by_table where customer = 7 and \"At\" > now() - interval '1 day'";
    const byPartitions =
      'select * from "Plays" by_partitions where "User" = 7 and at >= \'2026-01-10\'';
    for (const text of [byTable, byPartitions]) await sql.unsafe(text);

    const without = await explanationOf(url, "by_table");
    expect(without.remarks).toMatchObject([
      {
        name: "hypopg_missing",
        message: expect.stringContaining('public.orders (customer, "At")') as string,
        cure: "CREATE EXTENSION hypopg;",
      },
    ]);
    await sql.unsafe("create extension hypopg");

    for (const words of ["by_table", "by_partitions"]) {
      const { bytes, costBefore, costAfter, statements } = await onlySuggestion(url, words);
      expect(costAfter).toBeLessThan(costBefore / 5);
      expect(bytes).toBeGreaterThan(1_000_000);
      for (const statement of statements) await sql.unsafe(statement);
      await sql.unsafe("analyze");
      const after = await explanationOf(url, words);
      expect(after.indexes).toEqual([]);
      expect(after.plan[0]?.cost).toBeLessThan(2 * costAfter);
      const invalid = await sql`select indexrelid::regclass from pg_index where not indisvalid`;
      expect(invalid).toEqual([]);
    }
    const suggested = await sql`select from pg_class where relkind = 'I'`;
    expect(suggested).toHaveLength(2);
  });

  test("what an index costs those who write is said, and nothing stays behind", async () => {
    const url = await startDebianServer({ preload: "pg_stat_statements" });
    const sql = openSession(url);
    await sql.unsafe(`create extension pg_stat_statements; create extension hypopg; ${tables}`);
    await sql.unsafe("select count(*) as by_writers from orders where customer = 5");
    await expect
      .poll(async () => (await explanationOf(url, "by_writers")).indexes[0]?.writes.updated)
      .toBe(999);
    const { indexes } = await explanationOf(url, "by_writers");
    expect(indexes).toMatchObject([
      {
        table: "public.orders",
        columns: ["customer"],
        presentIndexes: 1,
        writes: { inserted: 100_000, deleted: 0 },
        statements: ["CREATE INDEX CONCURRENTLY ON public.orders (customer);"],
      },
    ]);
    expect(await sql`select from pg_index where indrelid = 'orders'::regclass`).toHaveLength(1);
  });
});
