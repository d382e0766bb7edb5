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

const walked = { table: "public.t", key: "id" };

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
  [
    "a join of the table that is changed",
    "update t set a = 1 from u where u.id = t.id and t.id between $1 and $2",
  ],
  [
    "an outer join",
    "insert into v select 1 from t x left join u on u.id = x.id where x.id between $1 and $2",
  ],
  [
    "rows of a query in WITH",
    "with g as materialized (select id from t where id between $1 and $2) update t set a = 1 from g where g.id = t.id",
  ],
  [
    "a query in WITH before an outer join",
    "with g as (select id from t where id between $1 and $2) insert into u select 1 from g left join v using (id)",
  ],
  [
    "IN with a query",
    "delete from u where t_id in (select id from t where id between $1 and $2 for update)",
  ],
] as const)("accepts %s", ([, sql]) => {
  expect(boundsProblem(parsed(sql), walked)).toBeUndefined();
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
  [
    "the key of another table",
    "update t set a = 1 from u where u.t_id = t.id and u.id between $1 and $2",
  ],
  ["another table alone", "delete from u where id between $1 and $2"],
  ["another schema's name for an alias", "update t x set a = 1 where t.id between $1 and $2"],
  [
    "a condition of an outer join",
    "insert into v select 1 from u left join t on t.id = u.id and t.id between $1 and $2",
  ],
  [
    "a query in WITH that is not used",
    "with g as (select id from t where id between $1 and $2) update t set a = 1",
  ],
  [
    "a query that is only joined in",
    "with g as (select id from t where id between $1 and $2) insert into v select 1 from u left join g using (id)",
  ],
  [
    "a second change without bounds",
    "with d as (delete from t where id between $1 and $2) update u set a = 1",
  ],
  ["LIMIT", "insert into u select a from t where id between $1 and $2 limit 10"],
  [
    "a condition of MERGE, beyond which all rows are without a partner",
    "merge into u using t on u.id = t.id and t.id between $1 and $2 when not matched then insert values (t.id)",
  ],
  [
    "MERGE with those of other batches",
    "merge into u using (select * from t where id between $1 and $2) s on u.id = s.id when not matched by source then delete",
  ],
  ["values", "insert into t values ($1, $2)"],
] as const)("refuses %s", ([, sql]) => {
  expect(boundsProblem(parsed(sql), walked)?.hint).toContain(
    "id BETWEEN :'batch_from' AND :'batch_to'",
  );
});

test("a key with capitals is quoted in the hint", () => {
  const quoted = { table: '"S p"."T"', key: "Id" };
  expect(boundsProblem(parsed('delete from "T"'), quoted)?.hint).toContain('"Id" BETWEEN');
  const fitting = parsed('delete from "S p"."T" where "T"."Id" between $1 and $2');
  expect(boundsProblem(fitting, quoted)).toBeUndefined();
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
