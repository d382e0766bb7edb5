import { readFile, rename, rm } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { RepairResult, StatusResult } from "../../src/migrations/results.ts";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, createRole, urlOf, type TestDatabase } from "../support/database.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";
import { runInTerminal } from "../support/terminal.ts";

const first = "migrations/001_first.sql";
const second = "migrations/002_second.sql";
const third = "migrations/003_third.sql";
const files = {
  [first]: migration("create table first (id int)", "drop table first"),
  [second]:
    "-- migrate:description The second table\n" +
    migration("create table second (id int)", "drop table second"),
  [third]: migration("create table third (id int)", "drop table third"),
};

let database: TestDatabase;
let project: string;

beforeEach(async () => {
  database = await createDatabase();
  project = await createProject(files);
  expect(await run("migrate")).toMatchObject({ exitCode: 0 });
});

async function run(...args: string[]): Promise<CliResult> {
  return runCli(args, { cwd: project, env: { DATABASE_URL: database.url } });
}

async function repaired(...args: string[]): Promise<RepairResult> {
  const { exitCode, stdout, stderr } = await run("repair", ...args, "--json");
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return RepairResult.parse(JSON.parse(stdout));
}

async function states(): Promise<Record<string, string>> {
  const { stdout } = await run("status", "--json");
  const { migrations } = StatusResult.parse(JSON.parse(stdout));
  return Object.fromEntries(migrations.map(({ version, state }) => [version, state]));
}

/** Everything that a repair may change. */
async function ledger(): Promise<unknown> {
  return [
    [...(await database.sql`select * from schema_migrations order by applied_order`)],
    [...(await database.sql`select * from migration_events order by id`)],
  ];
}

describe("a changed file", () => {
  beforeEach(async () => {
    await writeFiles(project, {
      [first]: migration("create table first (id bigint)", "drop table if exists first"),
    });
  });

  test("is refused by migrate, which says how to see what differs", async () => {
    const { exitCode, stderr } = await run("migrate");
    expect(exitCode).toBe(7);
    expect(stderr).toContain("doramaflix-db repair 001_first --dry-run");
  });

  test("is shown as a difference, and nothing is changed, with --dry-run", async () => {
    const before = await ledger();
    const { exitCode, stdout, stderr } = await run("repair", "--dry-run");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(
      [
        "  -create table first (id int);",
        "  +create table first (id bigint);",
        "   ",
        "   -- migrate:down",
        "  -drop table first;",
        "  +drop table if exists first;",
      ].join("\n"),
    );
    expect(await ledger()).toEqual(before);
  });

  test("is recorded as it is now, with what it was in the history, and runs nothing", async () => {
    const [before] =
      await database.sql`select * from schema_migrations where version = '001_first'`;
    const { exitCode, stdout, stderr } = await run("repair", "--yes");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("+create table first (id bigint);");
    expect(stdout).toContain(`Repaired in database "${database.name}":\n  "001_first" is recorded`);
    const [after] = await database.sql`select * from schema_migrations where version = '001_first'`;
    expect(after).toMatchObject({
      up_sql: "create table first (id bigint);",
      rollback_sql: "drop table if exists first;",
      applied_order: before?.["applied_order"] as unknown,
      applied_at: before?.["applied_at"] as unknown,
    });
    const events = await database.sql`
      select event, checksum, previous ->> 'checksum' as before, previous ->> 'up_sql' as up_sql,
        tool_version is not null as by_tool
      from migration_events where version = '001_first' order by id`;
    expect(events[1]).toEqual({
      event: "repaired",
      checksum: after?.["checksum"] as unknown,
      before: before?.["checksum"] as unknown,
      up_sql: "create table first (id int);",
      by_tool: true,
    });
    expect(await run("migrate")).toMatchObject({ exitCode: 0 });
    expect(await database.sql`select pg_typeof(id)::text from first`).toEqual([]);
    const again = await run("repair");
    expect(again).toMatchObject({ exitCode: 0, stderr: "" });
    expect(again.stdout).toBe(`Nothing to repair in database "${database.name}".\n`);
    // The rollback is that of the file as it is now.
    await database.sql`drop table first`;
    expect(await run("rollback", "--steps", "3")).toMatchObject({ exitCode: 0 });
  });

  test("needs --yes where nobody can be asked", async () => {
    const before = await ledger();
    const { exitCode, stderr } = await run("repair");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--yes");
    expect(await ledger()).toEqual(before);
  });

  test("is left alone where another migration is named", async () => {
    const result = await repaired("002_second", "--yes");
    expect(result.repairs).toEqual([]);
    expect(await states()).toMatchObject({ "001_first": "changed" });
  });

  test("is refused to a user who may not write to the ledger, and nothing is changed", async () => {
    const user = await createRole("in role pg_read_all_data");
    const before = await ledger();
    const url = urlOf({ database: database.name, user, password: "secret" });
    const { exitCode, stderr } = await run("repair", "--yes", "--url", url);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("permission denied");
    expect(await ledger()).toEqual(before);
  });
});

describe("of a changed file it is said", () => {
  test.for([
    {
      what: "that only a comment differs",
      text: `-- Written by hand.\n${files[first]}`,
      difference: "comments",
      diff: null,
    },
    {
      what: "that only a comment in a part differs, and which",
      text: migration("create table first (id int) -- the number\n", "drop table first"),
      difference: "comments",
      diff: expect.stringContaining("+create table first (id int) -- the number") as string,
    },
    {
      what: "that only the description differs",
      text: `-- migrate:description Number one\n${files[first]}`,
      difference: "description",
      diff: expect.stringContaining("+-- migrate:description Number one") as string,
    },
    {
      what: "that it cannot be taken back any more",
      text: "-- migrate:up\ncreate table first (id int);\n-- migrate:irreversible Rows would go.\n",
      difference: "statements",
      diff: expect.stringContaining("-drop table first;") as string,
    },
  ])("$what", async ({ text, difference, diff }) => {
    await writeFiles(project, { [first]: text });
    const { repairs } = await repaired("--dry-run");
    expect(repairs).toMatchObject([{ version: "001_first", difference, diff }]);
  });

  test("that the ledger has no statements to compare with", async () => {
    await database.sql`update schema_migrations set up_sql = null, rollback_sql = null`;
    await writeFiles(project, { [first]: migration("select 1") });
    const { repairs } = await repaired("--dry-run");
    expect(repairs).toMatchObject([{ difference: "unknown", diff: null }]);
    const { stdout } = await run("repair", "--dry-run");
    expect(stdout).toContain("The ledger has no statements of it to compare with.");
  });
});

describe("a renamed file", () => {
  beforeEach(async () => {
    await rename(`${project}/${second}`, `${project}/migrations/004_second_table.sql`);
  });

  test("is shown by status and refused by migrate, which says what became what", async () => {
    expect(await states()).toMatchObject({ "004_second_table": "renamed" });
    const status = await run("status");
    expect(status.stdout).toContain('"004_second_table" is applied as "002_second".');
    const { exitCode, stderr } = await run("migrate");
    expect(exitCode).toBe(7);
    expect(stderr).toContain('"004_second_table" is applied as "002_second"');
    expect(stderr).toContain("(MIGRATION_RENAMED)");
    expect(stderr).toContain("doramaflix-db repair");
  });

  test.for([[], ["002_second"], ["004_second_table"]])(
    "is recorded under its new name, in its old place, by repair %s",
    async (versions) => {
      expect(await repaired(...versions, "--yes")).toMatchObject({
        repairs: [
          { version: "004_second_table", recordedAs: "002_second", action: "record new name" },
        ],
      });
      const rows = await database.sql`select version from schema_migrations order by applied_order`;
      expect(rows.map(({ version }) => version as string)).toEqual([
        "001_first",
        "004_second_table",
        "003_third",
      ]);
      const events = await database.sql`
        select version, previous ->> 'version' as before from migration_events where event = 'repaired'`;
      expect(events).toEqual([{ version: "004_second_table", before: "002_second" }]);
      expect((await run("migrate")).stdout).toContain("Nothing is pending");
    },
  );
});

describe("a missing file", () => {
  beforeEach(async () => {
    await rm(`${project}/${second}`);
  });

  test("is named and left alone", async () => {
    const before = await ledger();
    const { exitCode, stdout } = await run("repair", "--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Nothing to repair");
    expect(stdout).toContain('"002_second" is applied, and its file is missing');
    expect(stdout).toContain("--write-missing");
    expect(stdout).toContain("--forget 002_second");
    expect(await ledger()).toEqual(before);
  });

  test("is written again from the ledger", async () => {
    const { repairs, missing } = await repaired("--write-missing", "--yes");
    expect(repairs).toMatchObject([{ version: "002_second", action: "write file" }]);
    expect(missing).toEqual([]);
    expect(await readFile(`${project}/${second}`, "utf8")).toBe(
      "-- migrate:description The second table\n\n-- migrate:up\ncreate table second (id int);\n\n" +
        "-- migrate:down\ndrop table second;\n",
    );
    expect((await run("migrate")).stdout).toContain("Nothing is pending");
    expect(await run("rollback", "--steps", "3")).toMatchObject({ exitCode: 0 });
    expect(await run("migrate")).toMatchObject({ exitCode: 0 });
  });

  test("is not written with --dry-run", async () => {
    const { repairs } = await repaired("--write-missing", "--dry-run");
    expect(repairs).toMatchObject([{ version: "002_second", action: "write file" }]);
    expect(await states()).toMatchObject({ "002_second": "missing" });
  });

  test("cannot be written where the ledger has no statements", async () => {
    await database.sql`update schema_migrations set up_sql = null`;
    const { repairs, missing } = await repaired("--write-missing", "--yes");
    expect({ repairs, missing }).toEqual({
      repairs: [],
      missing: [{ version: "002_second", canBeWritten: false }],
    });
  });

  test("is never written outside of migrations/", async () => {
    await database.sql`update schema_migrations set version = '../002_second' where version = '002_second'`;
    const { repairs, missing } = await repaired("--write-missing", "--yes");
    expect({ repairs, missing }).toEqual({
      repairs: [],
      missing: [{ version: "../002_second", canBeWritten: false }],
    });
  });

  test("is forgotten with --forget, and nothing else is", async () => {
    await writeFiles(project, { [first]: migration("select 1") });
    const { stdout } = await run("repair", "--forget", "002_second", "--yes");
    expect(stdout).toContain("What it did stays in the database.");
    expect(await states()).toEqual({ "001_first": "changed", "003_third": "applied" });
    expect(await database.sql`select to_regclass('second')::text as name`).toEqual([
      { name: "second" },
    ]);
    const events = await database.sql`
      select version, checksum, previous ->> 'rollback_sql' as rollback_sql from migration_events where event = 'repaired'`;
    expect(events).toEqual([
      { version: "002_second", checksum: null, rollback_sql: "drop table second;" },
    ]);
  });
});

test("only a migration without a file is forgotten", async () => {
  const before = await ledger();
  const { exitCode, stderr } = await run("repair", "--forget", "001_first", "--yes");
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"001_first" is applied.');
  expect(stderr).toContain("doramaflix-db rollback");
  expect(await ledger()).toEqual(before);
});

test.for([["002_secnd"], ["--forget", "002_secnd"]])(
  "an unknown version is refused, with the one that was meant: %s",
  async (args) => {
    const { exitCode, stderr } = await run("repair", ...args, "--yes");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "002_second"?');
  },
);

test("several repairs are one transaction", async () => {
  await writeFiles(project, { [first]: migration("select 1"), [third]: migration("select 3") });
  // The second one fails.
  await database.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'not this one'; end $$;
    create trigger refuse before update on schema_migrations for each row
      when (new.version = '003_third') execute function refuse()`);
  const before = await ledger();
  const { exitCode, stderr } = await run("repair", "--yes");
  expect(exitCode).toBe(3);
  expect(stderr).toContain("not this one");
  expect(await ledger()).toEqual(before);
});

test("of several at once, each ends well and the history has one event", async () => {
  await writeFiles(project, { [first]: migration("select 1") });
  const runs = await Promise.all([1, 2, 3].map(async () => run("repair", "--yes")));
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  expect(await database.sql`select from migration_events where event = 'repaired'`).toHaveLength(1);
});

test("a database without an engine has nothing to repair", async () => {
  const { url } = await createDatabase();
  const { exitCode, stdout } = await run("repair", "--url", url);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Nothing to repair");
});

describe.skipIf(isMissing("script"))("in a terminal", () => {
  test.for([
    { input: "y\n", exitCode: 0, state: "applied" },
    { input: "n\n", exitCode: 130, state: "changed" },
  ])(
    "shows the difference and asks; $input ends with $exitCode",
    async ({ input, exitCode, state }) => {
      await writeFiles(project, { [first]: migration("create table first (id bigint)") });
      const options = { columns: 80, cwd: project, env: { DATABASE_URL: database.url }, input };
      const result = await runInTerminal(["repair"], options);
      expect(result).toMatchObject({ exitCode, styled: true });
      expect(result.screen).toMatch(/\+create table first \(id bigint\);[^]*\[y\/N\]/);
      expect(await states()).toMatchObject({ "001_first": state });
    },
  );
});
