import { beforeAll, expect, test } from "vitest";
import { boundsProblem, changesColumn, targetOf } from "../../../src/backfill/bounds.ts";
import {
  loadSqlParser,
  parseStatements,
  type ParsedStatement,
} from "../../../src/core/sql-parser.ts";

beforeAll(async () => loadSqlParser());

function parsed(sql: string): ParsedStatement {
  const [statement] = parseStatements(sql);
  if (statement === undefined) throw new Error("There is no statement.");
  return statement;
}

test.for([
  ["between", "update t set a = 1 where id between $1 and $2"],
  ["both comparisons", "update t set a = 1 where id >= $1 and id <= $2 and a = 0"],
  ["an alias", "update t x set a = 1 where x.id between $1 and $2"],
  ["a cast bound", "delete from t where b and (id between $1 and $2 and c)"],
  ["a query", "insert into u select a from t where id between $1 and $2"],
  [
    "a query in WITH",
    "with g as (delete from t where id between $1 and $2 returning *) insert into u select * from g",
  ],
  ["a join", "insert into u select a from v join t on v.t_id = t.id and t.id between $1 and $2"],
  [
    "both sides of a union",
    "insert into u select a from t where id between $1 and $2 union all select b from t where id between $1 and $2",
  ],
  [
    "MERGE",
    "merge into u using (select * from t where id between $1 and $2) s on u.id = s.id when matched then update set a = s.a",
  ],
] as const)("accepts %s", ([, sql]) => {
  expect(boundsProblem(parsed(sql), "id")).toBeUndefined();
});

test.for([
  ["no bound", "update t set a = 1"],
  ["one bound", "update t set a = 1 where id >= $1"],
  ["a bound that is left out", "update t set a = 1 where id >= $1 and id < $2"],
  ["the first one left out", "update t set a = 1 where id > $1 and id <= $2"],
  ["OR", "update t set a = 1 where id between $1 and $2 or a is null"],
  ["NOT", "update t set a = 1 where not (id between $1 and $2)"],
  ["NOT BETWEEN", "update t set a = 1 where id not between $1 and $2"],
  ["bounds the wrong way round", "update t set a = 1 where id between $2 and $1"],
  ["another column", "update t set a = 1 where other between $1 and $2"],
  ["an expression over the key", "update t set a = 1 where id + 0 between $1 and $2"],
  ["a bound in an expression", "update t set a = $1 where id between $1 and $2"],
  [
    "bounds in two places",
    "update t set a = 1 from u where t.id >= $1 and exists (select where u.id <= $2)",
  ],
] as const)("refuses %s", ([, sql]) => {
  expect(boundsProblem(parsed(sql), "id")?.hint).toContain(
    "id BETWEEN :'batch_from' AND :'batch_to'",
  );
});

test("a key with capitals is quoted in the hint", () => {
  expect(boundsProblem(parsed("delete from t"), "Id")?.hint).toContain('"Id" BETWEEN');
  expect(boundsProblem(parsed('delete from t where "Id" between $1 and $2'), "Id")).toBeUndefined();
});

test("an UPDATE of the key is refused, and one of another column is not", () => {
  expect(changesColumn(parsed("update t set id = id + 1"), "id")?.message).toContain(
    'changes "id"',
  );
  expect(changesColumn(parsed("update t set (a, id) = (1, 2)"), "id")).toBeDefined();
  expect(changesColumn(parsed("update t set a = id"), "id")).toBeUndefined();
  expect(changesColumn(parsed("delete from t"), "id")).toBeUndefined();
});

test.for([
  ["update t set a = 1", '"t"'],
  ['delete from "S p"."T"', '"S p"."T"'],
  ["insert into t select 1", undefined],
] as const)("the table of %s is %s", ([sql, table]) => {
  expect(targetOf(parsed(sql))).toBe(table);
});
