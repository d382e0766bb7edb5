import { beforeAll, describe, expect, test } from "vitest";
import { sourceTextOf } from "../../src/core/source-text.ts";
import { loadSqlParser } from "../../src/core/sql-parser.ts";
import { replacePlaceholders } from "../../src/core/variables.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { runPsql } from "../support/psql.ts";
import { isMissing } from "../support/requirements.ts";

const scripts = [
  "select :'v' as \"x\";",
  'select 1 as :"v" \\gdesc',
  "select:'v';",
  "select :'v''b';",
  "select :'v'\n'b';",
  `select ':''v''', ":'v'" from (select 1) x (":'v'"); -- :'v'`,
  "select /* :'v' /* :'v' */ :'v' */ 2;",
  "select $$ :'v' $$, $a$ :\"v\" $a$;",
  "select E'\\' :\\'v\\'', :'v';",
  "select '😀', :'v';",
  'select \'a\'::"text", \'{"a":"v"}\';',
  "select (array[1, 2])[1:2], :'v';",
];

const values = ["it's", "C:\\temp\\'", 'a "b" 드라마 😀', ":'v' -- $$"];

describe.skipIf(isMissing("psql"))("placeholders", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    await loadSqlParser();
    database = await createDatabase();
  });

  test.for(scripts)("mean in %j what they mean to psql", (sql) => {
    for (const v of values) {
      const source = sourceTextOf("script.sql", sql);
      const { text } = replacePlaceholders({ source, sql, start: 0 }, { v });
      const ours = runPsql(database.url, { input: text });
      expect(ours).toMatchObject({ exitCode: 0 });
      expect(ours).toEqual(runPsql(database.url, { input: sql, args: [`--set=v=${v}`] }));
    }
  });
});
