import { beforeAll, expect, test } from "vitest";
import { runCli } from "../../support/cli.ts";
import { createDatabase, type TestDatabase } from "../../support/database.ts";
import { createProject, migration } from "../../support/project.ts";
import { refused, refusedWithHint, withoutChange, type Refusal } from "./refusals.ts";

const applied = {
  "migrations/001_first.sql": migration("create table first (id integer)", "drop table first"),
  "migrations/002_second.sql":
    "-- migrate:up\ncreate table second (id integer);\n-- migrate:irreversible Rows cannot be invented.\n",
  "migrations/004_fourth.sql": migration("create table fourth (id integer)", "drop table fourth"),
};
const third = { "migrations/003_third.sql": migration("create table third (id integer)") };

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  const project = await createProject({ ...applied, ...third });
  const run = await runCli(["migrate", "--url", database.url, "--project", project]);
  expect(run).toMatchObject({ exitCode: 0 });
  // As if 003 had come from a branch that nobody has merged yet.
  await database.sql`delete from schema_migrations where version = '003_third'`;
  await database.sql`drop table third`;
});

async function refusedFor(files: Record<string, string>, ...args: string[]): Promise<Refusal> {
  const project = await createProject(files);
  return withoutChange(database.sql, async () =>
    refusedWithHint(...args, "--url", database.url, "--project", project),
  );
}

test.concurrent("a gap in the numbers is refused", async () => {
  const files = { ...applied, "migrations/006_sixth.sql": migration("select 1") };
  const { exitCode, error } = await refusedFor(files, "migrate");
  expect(exitCode).toBe(7);
  expect(error).toMatchObject({
    code: "MIGRATION_GAP",
    message: 'Migration "006_sixth" leaves a gap: there is no migration with the number 5.',
  });
});

test.concurrent("a file older than the newest applied migration is refused", async () => {
  const { exitCode, error } = await refusedFor({ ...applied, ...third }, "migrate");
  expect(exitCode).toBe(7);
  expect(error).toMatchObject({
    code: "MIGRATION_OUT_OF_ORDER",
    message: 'Migration "003_third" is not applied, and the newer "004_fourth" is.',
  });
});

test.concurrent("an applied file that was edited is refused, also with nothing pending", async () => {
  const edited = migration("create table first (id bigint)", "drop table first");
  const files = { ...applied, "migrations/001_first.sql": edited };
  const { exitCode, error } = await refusedFor(files, "migrate");
  expect(exitCode).toBe(7);
  expect(error).toMatchObject({
    code: "MIGRATION_CHANGED",
    message: 'Migration "001_first" was changed after it was applied.',
  });
});

test.concurrent("all edited files are named", async () => {
  const edited = migration("select 'edited'");
  const files = {
    ...applied,
    "migrations/001_first.sql": edited,
    "migrations/004_fourth.sql": edited,
  };
  const { error } = await refusedFor(files, "migrate");
  expect(error).toMatchObject({
    message: expect.stringContaining('"001_first"') as string,
    detail: expect.stringContaining('"004_fourth"') as string,
  });
});

test.concurrent("the same text with other line endings and a byte-order mark is not an edit", async () => {
  const files = Object.entries(applied).map(([path, text]) => [
    path,
    `\uFEFF${text.replaceAll("\n", "\r\n")}`,
  ]);
  const project = await createProject(Object.fromEntries(files) as Record<string, string>);
  const run = await withoutChange(database.sql, async () =>
    runCli(["migrate", "--url", database.url, "--project", project]),
  );
  expect(run).toMatchObject({ exitCode: 0 });
});

test.concurrent("an applied migration without its file is refused", async () => {
  const { "migrations/002_second.sql": _, ...files } = applied;
  const { exitCode, error } = await refusedFor(files, "migrate");
  expect(exitCode).toBe(7);
  expect(error).toMatchObject({
    code: "MIGRATION_MISSING",
    message: 'Migration "002_second" is applied, and its file is missing.',
  });
});

test.concurrent("a dry run is refused like the run", async () => {
  const { exitCode, error } = await refusedFor({ ...applied, ...third }, "migrate", "--dry-run");
  expect(exitCode).toBe(7);
  expect(error).toMatchObject({ code: "MIGRATION_OUT_OF_ORDER" });
});

test.concurrent("rolling back over an irreversible migration is refused with its reason before the first step", async () => {
  for (const target of [
    ["--steps", "2"],
    ["--to", "001_first"],
  ]) {
    const { exitCode, error } = await refusedFor(applied, "rollback", ...target);
    expect(exitCode).toBe(7);
    expect(error).toMatchObject({
      code: "MIGRATION_IRREVERSIBLE",
      message: 'Migration "002_second" cannot be rolled back.',
      detail: expect.stringContaining("Rows cannot be invented.") as string,
    });
  }
});

test.concurrent.for(["migrate", "rollback"])(
  "%s --to an unknown version is refused, with the one that was meant",
  async (command) => {
    const { exitCode, error } = await refusedFor(applied, command, "--to", "002_secnd");
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({
      code: "MIGRATION_UNKNOWN",
      message: 'There is no migration "002_secnd".',
      hint: expect.stringContaining('Did you mean "002_second"?') as string,
    });
  },
);

test.concurrent.for(["0", "x"])("rollback --steps %s is refused", async (steps) => {
  const { exitCode, error } = await refused("rollback", `--steps=${steps}`, "--url", database.url);
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({
    code: "USAGE",
    message: `--steps takes a whole number from 1, not "${steps}".`,
  });
});

test.concurrent("rollback takes --steps or --to, not both", async () => {
  const { exitCode, error } = await refusedFor(
    applied,
    "rollback",
    "--steps",
    "1",
    "--to",
    "001_first",
  );
  expect(exitCode).toBe(2);
  expect(error).toMatchObject({ code: "USAGE" });
});
