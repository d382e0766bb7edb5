import { beforeAll, expect, test } from "vitest";
import { deletesRows } from "../../../src/backfill/deletes-rows.ts";
import { loadSqlParser, parseStatements } from "../../../src/core/sql-parser.ts";

beforeAll(loadSqlParser);

test.each([
  ["delete from a where id between 1 and 2", true],
  ["with gone as (delete from a returning id) insert into b select id from gone", true],
  ["merge into a using b on a.id = b.id when matched then delete", true],
  ["merge into a using b on a.id = b.id when matched then update set n = 1", false],
  ["update a set n = 1", false],
  ["insert into a select id from b", false],
])("%s: %s", (sql, deletes) => {
  expect(parseStatements(sql).map(deletesRows)).toEqual([deletes]);
});
