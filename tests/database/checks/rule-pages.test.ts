import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { rules } from "../../../src/checks/lint/rules.ts";
import { createDatabase, readServerVersion, type TestDatabase } from "../../support/database.ts";
import { makeTables } from "./corpus.ts";
import { examplesOf, indexPage, leavesSomething, pageWith, pathOf, tryOut } from "./rule-page.ts";

/**
 * Each page of docs/rules has an unsafe migration and a safe way. They are looked at and run here, and the page says what
 * came of it; `--update` writes it into the page. It must be the same on every version of the server.
 */
let database: TestDatabase;
let version: number;

beforeAll(async () => {
  await loadSqlParser();
  database = await createDatabase();
  await makeTables(database.sql);
  version = await readServerVersion();
});

describe.each(rules)("$id", (rule) => {
  test("the page shows what the rule finds and what the server does", async () => {
    const examples = examplesOf(readFileSync(pathOf(rule.id), "utf8"));
    const reports: string[] = [];
    for (const example of examples) {
      const { found, report } = await tryOut(example, database, version);
      const isFound = found.some((each) => each.rule === rule.id);
      expect({ isFound, others: example.isSafe ? found : [] }, example.sql).toEqual({
        isFound: !example.isSafe,
        others: [],
      });
      reports.push(report);
      if (!example.isSafe && leavesSomething(example)) await makeTables(database.sql);
    }
    if (examples.some(leavesSomething)) await makeTables(database.sql);
    expect(reports.length).toBeGreaterThanOrEqual(2);
    await expect(pageWith(rule, reports)).toMatchFileSnapshot(pathOf(rule.id));
  });
});

test("the list has all rules, and each page is of a rule", async () => {
  const list = pathOf("README");
  await expect(indexPage(readFileSync(list, "utf8"))).toMatchFileSnapshot(list);
  const pages = readdirSync(new URL(".", `file://${list}`)).toSorted();
  expect(pages).toEqual(["README.md", ...rules.map(({ id }) => `${id}.md`)].toSorted());
});
