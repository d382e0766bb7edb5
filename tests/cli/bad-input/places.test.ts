import { beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../support/database.ts";
import { createProject, migration } from "../../support/project.ts";
import { refusedWithHint, stateOf, takeMark, withoutChange } from "./refusals.ts";

interface Situation {
  /** How the line with the mistake begins, and what a terminal must show below that for the caret to be in place. */
  readonly before: string;
  readonly padding: string;
  readonly lineEnding?: string;
  readonly mark?: string;
}

const situations: Record<string, Situation> = {
  "after an emoji": { before: "select '😀👍🏽' as a, ", padding: " ".repeat(20) },
  "in a file with CRLF": { before: "select 1 as a, ", padding: " ".repeat(15), lineEnding: "\r\n" },
  "in a file with a byte-order mark": {
    before: "select 1 as a, ",
    padding: " ".repeat(15),
    mark: "\uFEFF",
  },
  "after Korean text": { before: "select '한국어 드라마' as a, ", padding: " ".repeat(29) },
  "after a tab": { before: "\tselect\t1 as a, ", padding: `\t${" ".repeat(6)}\t${" ".repeat(8)}` },
};

/** Writes a migration whose mistake stands in a line of its own, between others that are in order. */
function fileWith({ before, lineEnding = "\n", mark = "" }: Situation, mistake: string): string {
  const lines = [
    "-- migrate:description 두 번째 😀",
    "-- migrate:up",
    "create table second (id integer); -- 한 😀",
    "",
    `${before}¤${mistake}`,
    "  from first;",
    "-- migrate:down",
    "drop table second;",
  ];
  return mark + lines.join(lineEnding);
}

/** The lines of stderr that show the place. */
function excerpt({ before, padding }: Situation, mistake: string): string {
  return `  5 | ${before}${mistake}\n    | ${padding}^\n`;
}

const first = {
  "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
};
const third = {
  "migrations/003_third.sql": migration("create table third (id integer)", "drop table third"),
};

describe.concurrent("a syntax error", () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });

  test.for(Object.entries(situations))(
    "%s is shown where it is, before anything runs",
    async ([, situation]) => {
      const mistake = "from nothing";
      const place = takeMark(fileWith(situation, mistake));
      const project = await createProject({
        ...first,
        "migrations/002_second.sql": place.text,
        ...third,
      });
      const { exitCode, error, stderr } = await withoutChange(database.sql, async () =>
        refusedWithHint("migrate", "--url", database.url, "--project", project),
      );
      expect(exitCode).toBe(2);
      expect(error).toMatchObject({
        code: "MIGRATION_SYNTAX",
        message: 'Syntax error at or near "from".',
        location: {
          file: "migrations/002_second.sql",
          line: 5,
          column: place.column,
          text: `${situation.before}${mistake}`,
        },
      });
      expect(stderr).toContain(`at migrations/002_second.sql:5:${place.column}\n`);
      expect(stderr).toContain(excerpt(situation, mistake));
    },
  );
});

describe.concurrent("an error of the server", () => {
  test.for(Object.entries(situations))(
    "%s is shown where it is; what came before stays, and nothing after it runs",
    async ([, situation]) => {
      const { url, sql } = await createDatabase();
      const mistake = "missing_column";
      const place = takeMark(fileWith(situation, mistake));
      const project = await createProject({
        ...first,
        "migrations/002_second.sql": place.text,
        ...third,
      });
      const { exitCode, error, stderr } = await refusedWithHint(
        "migrate",
        "--url",
        url,
        "--project",
        project,
      );
      expect(exitCode).toBe(4);
      expect(error).toMatchObject({
        code: "MIGRATION_FAILED",
        sqlState: "42703",
        detail: 'column "missing_column" does not exist',
        location: {
          file: "migrations/002_second.sql",
          line: 5,
          column: place.column,
          text: `${situation.before}${mistake}`,
        },
      });
      expect(stderr).toContain(`at migrations/002_second.sql:5:${place.column}\n`);
      expect(stderr).toContain(excerpt(situation, mistake));
      const { catalog, ledger, events } = await stateOf(sql);
      expect(ledger).toMatchObject([{ version: "001_first" }]);
      expect(events).toMatchObject([
        { version: "001_first", event: "applied" },
        { version: "002_second", event: "failed", error: { sqlState: "42703" } },
      ]);
      expect(catalog.filter((each) => / (second|third) /.test(each))).toEqual([]);
    },
  );
});

describe.concurrent("an error in the second of three migrations", () => {
  interface Mistake {
    readonly sql: string;
    readonly sqlState: string;
    readonly detail: string;
    /** Where the caret must be, when the server gives a place. */
    readonly location?: object;
  }

  const mistakes: Record<string, Mistake> = {
    "a unique violation": {
      sql: "create table second (id integer unique);\ninsert into second values (1), (1)",
      sqlState: "23505",
      detail: "Key (id)=(1) already exists.",
    },
    "a division by zero": {
      sql: "select 1 / (select count(*) from first)",
      sqlState: "22012",
      detail: "division by zero",
    },
    "an error that a function raises": {
      sql: "create function fail() returns void language plpgsql as $$ begin raise 'no way'; end $$;\nselect fail()",
      sqlState: "P0001",
      detail: "Context: PL/pgSQL function fail() line 1 at RAISE",
    },
    "a mistake in a DO block": {
      sql: "do $$ begin insert into nowhere values (1); end $$",
      sqlState: "42P01",
      detail: 'relation "nowhere" does not exist',
      location: { file: "migrations/002_second.sql", line: 2, column: 25 },
    },
    "a DO block that commits": {
      sql: "do $$ begin commit; end $$",
      sqlState: "2D000",
      detail: "invalid transaction termination",
    },
  };

  test.for(Object.entries(mistakes))(
    "%s is shown with the file and the server's message",
    async ([, { sql: text, sqlState, detail, location = {} }]) => {
      const { url, sql } = await createDatabase();
      const project = await createProject({
        ...first,
        "migrations/002_second.sql": migration(text),
        ...third,
      });
      const { exitCode, error } = await refusedWithHint(
        "migrate",
        "--url",
        url,
        "--project",
        project,
      );
      expect(exitCode).toBe(4);
      expect(error).toMatchObject({
        code: "MIGRATION_FAILED",
        message: 'Migration "002_second" failed.',
        sqlState,
        detail: expect.stringContaining(detail) as string,
      });
      expect(error.location ?? {}).toMatchObject(location);
      expect(`${error.location?.file} ${error.detail}`).toContain("migrations/002_second.sql");
      expect(error.detail).not.toContain("run_statements");
      const { catalog, ledger } = await stateOf(sql);
      expect(ledger).toMatchObject([{ version: "001_first" }]);
      expect(catalog.filter((each) => / (second|third) /.test(each))).toEqual([]);
    },
  );
});
