import { beforeEach, expect, test } from "vitest";
import { runCli, type CliResult } from "../support/cli.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { createProject, writeFiles } from "../support/project.ts";

const secret = "it's a s3cret \\ of ours";

let database: TestDatabase;
let project: string;

beforeEach(async () => {
  database = await createDatabase();
  project = await createProject({
    "doramaflix-db.json": JSON.stringify({
      variables: { table: 'Odd "name"', word: "from the file" },
    }),
    "migrations/001_plain.sql":
      "-- migrate:up\ncreate table :\"table\" (word text default :'word', note text default 'not :''word''');\n" +
      "insert into :\"table\" (word) values (:'token'), (:'word');\n-- migrate:down\ndrop table :\"table\";\n",
    "migrations/002_index.sql":
      '-- migrate:up transaction:false\ncreate index concurrently token_index on :"table" (word);\n' +
      "insert into :\"table\" (word) values (:'token');\n" +
      "-- migrate:down transaction:false\ndrop index concurrently token_index;\ndelete from :\"table\" where word = :'token' and ctid = '(0,3)';\n",
  });
});

async function run(command: string, ...options: string[]): Promise<CliResult> {
  const args = [command, "--json", "--url", database.url, "--project", project, ...options];
  return runCli(args, { env: { DORAMAFLIX_DB_VARIABLE_TOKEN: secret } });
}

/** Every row of the engine's tables as one text. */
async function everythingRecorded(): Promise<string> {
  const tables = [
    "schema_migrations",
    "migration_events",
    "migration_statements",
    "schema_definitions",
  ];
  const texts = await Promise.all(
    tables.map(async (table) =>
      database.sql.unsafe(`select to_jsonb(t)::text as row from ${table} t`),
    ),
  );
  return JSON.stringify(texts);
}

test("placeholders get their values, in both directions, and no value is recorded", async () => {
  const migrated = await run("migrate");
  expect(migrated, migrated.stderr).toMatchObject({ exitCode: 0 });
  expect(await database.sql`select word, note from "Odd ""name"""`).toEqual([
    { word: secret, note: "not :'word'" },
    { word: "from the file", note: "not :'word'" },
    { word: secret, note: "not :'word'" },
  ]);
  const recorded = await everythingRecorded();
  expect(recorded).toContain(":'token'");
  expect(recorded).not.toContain("s3cret");
  expect(await run("status", "--exit-code")).toMatchObject({ exitCode: 0 });
  const back = await run("rollback", "--steps", "2");
  expect(back, back.stderr).toMatchObject({ exitCode: 0 });
  expect(await database.sql`select to_regclass('"Odd ""name"""') as gone`).toEqual([
    { gone: null },
  ]);
});

test("a failure shows its place in the file, and neither it nor the history has the value", async () => {
  await writeFiles(project, {
    "migrations/003_fails.sql":
      "-- migrate:up\nselect :'token', 1 /\n  0, :'token'::text || missing;\n-- migrate:irreversible it is a test\n",
    "migrations/002_index.sql": "-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n",
  });
  const failed = await run("migrate");
  expect(failed.exitCode).toBe(4);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    error: {
      location: {
        file: "migrations/003_fails.sql",
        line: 3,
        column: 24,
        text: "  0, :'token'::text || missing;",
      },
    },
  });
  await writeFiles(project, {
    "migrations/003_fails.sql": `-- migrate:up\nset role :"token";\n-- migrate:irreversible it is a test\n`,
  });
  const refused = await run("migrate");
  expect(refused.exitCode).toBe(4);
  expect(refused.stdout + refused.stderr).not.toContain("s3cret");
  expect(await everythingRecorded()).not.toContain("s3cret");
});

test("one without a value fails before anything runs, in every command that would need it", async () => {
  await writeFiles(project, {
    "migrations/003_more.sql":
      "-- migrate:up\nselect 1;\n\nselect :'nowhere';\n-- migrate:down\nselect 1;\n",
  });
  for (const options of [[], ["--dry-run"], ["--sql"]]) {
    const { exitCode, stdout } = await run("migrate", ...options);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: {
        code: "VARIABLE_UNDEFINED",
        hint: expect.stringContaining("DORAMAFLIX_DB_VARIABLE_NOWHERE") as string,
        location: { file: "migrations/003_more.sql", line: 4, column: 8 },
      },
    });
  }
  expect(await database.sql`select to_regclass('schema_migrations') as ledger`).toEqual([
    { ledger: null },
  ]);
});

test("a dry run shows placeholders, and a script is refused, because it would show the values", async () => {
  const dry = await run("migrate", "--dry-run");
  expect(dry).toMatchObject({ exitCode: 0 });
  expect(dry.stdout).toContain(":'token'");
  expect(dry.stdout).not.toContain("s3cret");
  const script = await run("migrate", "--sql");
  expect(script.exitCode).toBe(2);
  expect(script.stdout).not.toContain("s3cret");
});
