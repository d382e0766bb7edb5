import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSqlParser } from "../../../src/core/sql-parser.ts";
import { splitStatements } from "../../../src/core/statements.ts";
import { convertFolder } from "../../../src/migrations/import/convert.ts";
import {
  compareFlywayVersions,
  parseFlywayVersion,
  wholeNumbers,
} from "../../../src/migrations/import/flyway-version.ts";
import { toolNames, type ToolName } from "../../../src/migrations/import/tool.ts";
import { tools } from "../../../src/migrations/import/tools.ts";

const root = mkdtempSync(join(tmpdir(), "doramaflix-db-import-"));

beforeAll(async () => loadSqlParser());

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Statements with what readers of other formats stumble over. */
const statement = fc.constantFrom(
  "select ';'",
  "do $$ begin perform 1; end $$",
  "do $body$ begin\n  perform '-- +goose Down';\nend $body$",
  "/* ; -- */ select 2",
  "select E'\\'; --'",
  'select 1 as ";"',
  "create index concurrently i on t (a)",
  "select '드라마 😀'",
  "insert into t values ($$\n$$)",
  "create function f() returns int language sql begin atomic select 1; select 2; end",
);

const body = fc
  .record({
    statements: fc.array(statement, { minLength: 1, maxLength: 4 }),
    comment: fc.constantFrom("", "-- a comment\n", "/* another\n */ ", "\n\n"),
    lines: fc.constantFrom("\n", "\r\n"),
    wrapped: fc.boolean(),
  })
  .map(({ statements, comment, lines, wrapped }) => {
    const inside = statements.map((each) => `${comment}${each};\n`).join("");
    const sql = wrapped ? `${comment}begin;\n${inside}commit;\n` : inside;
    return { statements, sql, lines };
  });

function block(sql: string): string {
  return `-- +goose StatementBegin\n${sql}-- +goose StatementEnd\n`;
}

/** How each tool writes a migration with a way back, as far as it has one. */
const forms: Readonly<Record<ToolName, (up: string, down: string) => Record<string, string>>> = {
  dbmate: (up, down) => ({ "20240101_a.sql": `-- migrate:up\n${up}-- migrate:down\n${down}` }),
  goose: (up, down) => {
    return { "00001_a.sql": `-- +goose Up\n${block(up)}-- +goose Down\n${block(down)}` };
  },
  "golang-migrate": (up, down) => ({ "1_a.up.sql": up, "1_a.down.sql": down }),
  flyway: (up, down) => ({ "V1.1__a.sql": up, "U1.1__a.sql": down }),
  "node-pg-migrate": (up, down) => ({
    "1_a.sql": `-- Up Migration\n${up}-- Down Migration\n${down}`,
  }),
  "graphile-migrate": (up) => ({ "1.sql": `--! Previous: -\n--! Hash: a\n\n${up}` }),
};

test.each(toolNames)("what is converted of %s is read as the same statements", async (tool) => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(body, body, async (up, down) => {
      const folder = join(root, tool, String((run += 1)));
      const files = forms[tool](up.sql, down.sql);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text.replaceAll("\n", up.lines));
      }
      const { migrations } = await convertFolder(tools[tool], folder, []);
      expect(migrations).toHaveLength(1);
      const [migration] = migrations;
      if (migration === undefined) return;
      const { file } = migration;
      expect(textsOf(file.up.sql)).toEqual(up.statements.map(plain));
      expect(file.up.transaction).toBe(!up.sql.includes("concurrently"));
      const back = "sql" in file.down ? textsOf(file.down.sql) : "none";
      expect(back).toEqual(tool === "graphile-migrate" ? "none" : down.statements.map(plain));
    }),
    { numRuns: 40 },
  );
});

function textsOf(sql: string): string[] {
  return splitStatements(sql).map(({ text }) => text.trim());
}

/** Without the comment before it, which is no part of a statement. */
function plain(text: string): string {
  return text.replace(/^\/\*.*?\*\/ /, "");
}

test("whole numbers keep the order of the versions of Flyway, and equal versions share one", () => {
  const part = fc.oneof(fc.nat(20), fc.nat(2_000), fc.bigInt(0n, 10n ** 14n));
  const version = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));
  fc.assert(
    fc.property(fc.array(version, { minLength: 2, maxLength: 6 }), (versions) => {
      const numbers = wholeNumbers(versions).map(BigInt);
      versions.forEach((one, place) => {
        versions.forEach((other, otherPlace) => {
          const order = compareFlywayVersions(parseFlywayVersion(one), parseFlywayVersion(other));
          const [left = 0n, right = 0n] = [numbers[place], numbers[otherPlace]];
          expect(Math.sign(Number(left - right))).toBe(order);
        });
      });
    }),
  );
});
