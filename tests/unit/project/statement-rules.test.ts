import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { checkMigrations } from "../../../src/project/check-migration.ts";
import { errorOf, migrationOf } from "./source.ts";

beforeAll(loadSqlParser);

function check(statement: string, option = ""): void {
  const text = `-- migrate:up${option}\n${statement}\n-- migrate:down\nselect 1;\n`;
  checkMigrations([migrationOf("001_first", text)]);
}

const onlyOutside = [
  "create index concurrently i on t (a)",
  "create unique index concurrently i on t (a)",
  "drop index concurrently i",
  "reindex table concurrently t",
  "reindex (concurrently) index i",
  "reindex (verbose, concurrently true) index i",
  "reindex schema s",
  "reindex database d",
  "alter table t detach partition p concurrently",
  "vacuum",
  "vacuum (analyze) t",
  "cluster",
  "create database d",
  "drop database d",
  "alter database d set tablespace s",
  "create tablespace s location '/s'",
  "drop tablespace s",
  "alter system set work_mem = '5MB'",
  "alter system reset all",
  "create subscription s connection '' publication p",
  "create subscription s connection '' publication p with (create_slot = true)",
  "alter subscription s refresh publication",
  "alter subscription s add publication p",
  "discard all",
];

describe("outside a transaction only:", () => {
  test.for(onlyOutside)("%s", (statement) => {
    const error = errorOf(() => {
      check(statement);
    });
    expect(error).toMatchObject({
      code: "MIGRATION_STATEMENT_FORBIDDEN",
      hint: expect.stringContaining('"-- migrate:up transaction:false"') as string,
      location: { line: 2, column: 1 },
    });
    expect(() => {
      check(statement, " transaction:false");
    }).not.toThrow();
  });
});

describe("nowhere:", () => {
  test.for([
    "begin",
    "start transaction",
    "commit",
    "end",
    "rollback",
    "abort",
    "savepoint s",
    "release savepoint s",
    "rollback to savepoint s",
    "prepare transaction 's'",
    "commit prepared 's'",
    "set transaction isolation level serializable",
    "set transaction read only",
    "copy t from stdin",
    "copy t to stdout",
    "copy (select 1) to stdout",
  ])("%s", (statement) => {
    for (const option of ["", " transaction:false"]) {
      const error = errorOf(() => {
        check(statement, option);
      });
      expect(error).toMatchObject({
        code: "MIGRATION_STATEMENT_FORBIDDEN",
        hint: expect.stringMatching(/\w{3}/) as string,
      });
    }
  });
});

describe("everywhere:", () => {
  test.for([
    "create index on t (a)",
    "drop index i",
    "reindex table t",
    "reindex (concurrently false) table t",
    "reindex (concurrently off) index i",
    "alter table t detach partition p",
    "alter table t alter a set default '\"concurrent\":true'",
    "analyze",
    "cluster t using i",
    "alter database d set work_mem = '5MB'",
    "create subscription s connection '' publication p with (connect = false)",
    "create subscription s connection '' publication p with (create_slot = 0)",
    "alter subscription s set publication p with (refresh = false)",
    "discard plans",
    "set local work_mem = '5MB'",
    "copy t from '/tmp/t.csv'",
    "copy t from program 'true'",
    "do $$ begin perform 1; end $$",
    "create function f() returns int begin atomic select 1; end",
    "select 'commit; vacuum;'",
  ])("%s", (statement) => {
    expect(() => {
      check(statement);
      check(statement, " transaction:false");
    }).not.toThrow();
  });
});

function checkWayBack(option: string): void {
  const text = `-- migrate:up\nselect 1;\n-- migrate:down${option}\nselect 2;\n vacuum;\n`;
  checkMigrations([migrationOf("001_first", text)]);
}

test("both parts are checked, and the way back may run outside a transaction by itself", () => {
  const error = errorOf(() => {
    checkWayBack("");
  });
  expect(error.location).toMatchObject({ line: 5, column: 2 });
  expect(() => {
    checkWayBack(" transaction:false");
  }).not.toThrow();
});

test("a part that holds nothing but semicolons is refused", () => {
  expect(
    errorOf(() => {
      check("; -- none\n;");
    }),
  ).toMatchObject({ code: "MIGRATION_FILE_INVALID", message: "There is no statement here." });
});
