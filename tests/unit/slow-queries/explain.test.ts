import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { candidatesFor, columnList } from "../../../src/slow-queries/explain/candidates.ts";
import { comparisonsIn, sortColumn } from "../../../src/slow-queries/explain/conditions.ts";
import { buildStatements } from "../../../src/slow-queries/explain/index-statements.ts";
import type { PlannedRelation } from "../../../src/slow-queries/explain/rows.ts";
import { readStatement } from "../../../src/slow-queries/explain/statement.ts";
import type { PlannedTable } from "../../../src/slow-queries/explain/tables.ts";

beforeAll(async () => {
  await loadSqlParser();
});

describe("a condition", () => {
  test.each([
    ["(w.at >= $1)", ["at range"]],
    ["($1 < w.at)", ["at range"]],
    ["((w.user_id = $1) AND (w.at < $2))", ["user_id equal", "at range"]],
    ["(w.id = ANY ($1))", ["id equal"]],
    ["((w.name)::text = $1)", ["name equal"]],
    ["(w.at IS NULL)", ["at null"]],
    ["(w.at IS NOT NULL)", []],
    ["(NOT (w.at = $1))", []],
    ["((w.at = $1) OR (w.at > $2))", ["at either"]],
    ["((w.at = $1) OR (w.id = $2))", []],
    ["(ROW(w.at, w.id) > ROW($1, $2))", ["at range"]],
    ["(w.at = w.created)", []],
    ["((w.at)::date = $1)", []],
    ["(date_trunc('day'::text, w.at) = $1)", []],
    ["(w.at = o.at)", ["at equal to a column", "at equal to a column"]],
    ["(w.id = (InitPlan 1).col1)", ["id equal"]],
    ["(w.id = $0)", ["id equal"]],
    ["((w.at > $1) AND (NOT (hashed SubPlan 1)))", ["at range"]],
    ['(w."Größe ""x""" = $1)', ['Größe "x" equal']],
    ["(w.title ~~ $1)", []],
  ])("%s compares %j", (condition, expected) => {
    const found = comparisonsIn(condition)?.map(
      ({ column, kind, isWithValue }) => `${column} ${kind}${isWithValue ? "" : " to a column"}`,
    );
    expect(found).toEqual(expected);
  });

  test("that is no SQL is told from one without a comparison", () => {
    expect(comparisonsIn("(ANY ((a, b) = something))")).toBe(undefined);
  });
});

test.each([
  ["w.at", { alias: "w", column: "at", order: "" }],
  ["w.at DESC", { alias: "w", column: "at", order: " desc" }],
  ["w.at DESC NULLS LAST", { alias: "w", column: "at", order: " desc nulls last" }],
  ["(lower(w.name))", undefined],
])("the sort key %s is read", (key, expected) => {
  expect(sortColumn(key)).toEqual(expected);
});

describe("a text", () => {
  test.each([
    [
      "select now() - interval $1, '드라마', date $2",
      "select now() - ($1::interval), '드라마', ($2::date)",
      2,
    ],
    ["select 1 from t where id in ($1 /*, ... */)", undefined, 1],
    ["/* a */ update t set a = $12", undefined, 12],
  ])("%s is one statement", async (text, written, parameters) => {
    expect(await readStatement(text)).toEqual({
      text: written ?? text,
      parameters,
      hasSquashedList: text.includes("..."),
    });
  });

  test.each([
    ["select 1; drop table t", "unreadable"],
    ["select 1; commit; drop table t", "unreadable"],
    ["select from where", "unreadable"],
    ["", "unreadable"],
    ["create table t as select 1", "utility_statement"],
    ["explain analyze delete from t", "utility_statement"],
    ["do $$ begin end $$", "utility_statement"],
    ["call p()", "utility_statement"],
  ])("%s is refused", async (text, name) => {
    expect(await readStatement(text)).toMatchObject({ name });
  });
});

const relation: PlannedRelation = {
  schema: "public",
  name: "orders",
  root: "public.orders",
  kind: "r",
  strategy: null,
  key_columns: [],
  key_has_expression: false,
  partitions: 1,
  rows: 1e6,
  bytes: 1e8,
  tree: [{ schema: "public", name: "orders", parent: null, level: 0, isLeaf: true }],
  indexes: [["id"]],
  index_count: 1,
  quoted_columns: { id: "id", customer: "customer", at: "at", Größe: '"Größe"' },
  inserted: 0,
  updated: 0,
  deleted: 0,
  hot_updated: 0,
  stats_reset: null,
};

function tableWith(part: Partial<PlannedTable>, own: Partial<PlannedRelation> = {}): PlannedTable {
  const found = { scans: [], comparisons: [], isUnclear: false, sorts: [] };
  return { ...found, relation: { ...relation, ...own }, ...part };
}

function compares(column: string, kind: "equal" | "range"): PlannedTable["comparisons"][number] {
  return { alias: "o", column, kind, isWithValue: true };
}

describe("indexes that are tried out", () => {
  const comparisons = { comparisons: [compares("at", "range"), compares("customer", "equal")] };
  test.each<[string, PlannedTable, string[]]>([
    ["what is equal comes before a range", tableWith(comparisons), ["customer, at", "customer"]],
    ["one that is there is not", tableWith({ comparisons: [compares("id", "equal")] }), []],
    [
      "nor one whose columns begin another",
      tableWith(
        { comparisons: tableWith(comparisons).comparisons },
        { indexes: [["customer", "at", "id"]] },
      ),
      [],
    ],
    ["nor any on a small table", tableWith(comparisons, { rows: 10 }), []],
    ["nor on a foreign one", tableWith(comparisons, { kind: "f" }), []],
    [
      "what is sorted by follows what is equal",
      tableWith({
        comparisons: [compares("customer", "equal")],
        sorts: [[{ column: "at", order: " desc" }]],
      }),
      ["customer", "customer, at"],
    ],
    [
      "columns that are sorted in two directions keep them",
      tableWith({
        sorts: [
          [
            { column: "at", order: " desc" },
            { column: "Größe", order: "" },
          ],
        ],
      }),
      ['at desc, "Größe"'],
    ],
  ])("%s", (_, table, expected) => {
    expect(candidatesFor([table]).map((each) => columnList(each))).toEqual(expected);
  });

  test("names stay within 63 bytes, and those of partitions apart", () => {
    const parent = `"${"드라마".repeat(6)}"`;
    const statements = buildStatements({
      relation: {
        ...relation,
        strategy: "r",
        tree: [
          { schema: "public", name: parent, parent: null, level: 0, isLeaf: false },
          ...[1, 2].map((number) => ({
            schema: "public",
            name: `"${"드라마".repeat(6)}_2026_0${number}"`,
            parent: `public.${parent}`,
            level: 1,
            isLeaf: true,
          })),
        ],
      },
      columns: [{ column: "customer", order: "" }],
    });
    expect(statements).toHaveLength(5);
    const names = statements.flatMap(
      (each) => /^CREATE INDEX (?:CONCURRENTLY )?"([^"]+)"/.exec(each)?.[1] ?? [],
    );
    expect(new Set(names).size).toBe(3);
    for (const each of names) expect(Buffer.byteLength(each)).toBeLessThanOrEqual(63);
  });
});
