// The texts that a user reads, as files: after a change that is meant to change them, "npx vitest run --project cli
// tests/cli/golden.test.ts --update" writes them anew, and the difference is reviewed like code.
import { chmod, rm } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { createDatabase, openSession, type TestDatabase } from "../support/database.ts";
import { piped, transcript, type ShownRun } from "../support/golden.ts";
import { createProject, migration, writeFiles } from "../support/project.ts";
import { isMissing } from "../support/requirements.ts";
import { runInTerminal } from "../support/terminal.ts";

const files = {
  "migrations/001_initial_schema.sql": migration(
    "create table dramas (id bigint primary key, title text not null, rating numeric(3, 1))",
    "drop table dramas",
  ),
  "migrations/002_episodes_with_subtitles_in_more_than_one_language.sql":
    "-- migrate:description Episodes of a drama, each with its subtitles\n" +
    migration("create table episodes (drama_id bigint references dramas)", "drop table episodes"),
  "functions/count_episodes.sql":
    "create or replace function count_episodes(drama bigint) returns bigint language sql stable\n" +
    "as $$ select count(*) from episodes where drama_id = drama $$;\n",
  "views/best_dramas.sql":
    "create or replace view best_dramas as select title from dramas where rating > 9;\n",
};

/** A migration that fails at its second statement, behind wide characters. */
const failing = migration(
  "alter table dramas add column subtitle text;\n" +
    "update dramas set subtitle = '사랑의 불시착 😀' where ratings > 9.5",
);

/** A migration that fails in a line that no terminal shows as one. */
const failingInLongLine = migration(
  "insert into dramas (id, title, rating) values (1, '사랑의 불시착', 9.6), (2, '도깨비', 9.5), " +
    "(3, '응답하라 1988', 9.7), (4, 'Mr. Sunshine', nine), (5, '미생', 9.4), (6, '시그널', 9.5), " +
    "(7, '나의 아저씨', 9.8), (8, '비밀의 숲', 9.3), (9, '스카이 캐슬', 9.2)",
);

interface Sandbox {
  readonly database: TestDatabase;
  readonly project: string;
  /** Runs a command with its output going to pipes. */
  readonly run: (...args: string[]) => Promise<ShownRun>;
  /** Runs a command in a terminal. */
  readonly draw: (columns: number, ...args: string[]) => Promise<ShownRun>;
  /** Writes runs as they stand in a golden file. */
  readonly show: (runs: readonly ShownRun[]) => string;
}

async function createSandbox(given: Readonly<Record<string, string>> = files): Promise<Sandbox> {
  const database = await createDatabase();
  const project = await createProject(given);
  const options = { cwd: project, env: { DATABASE_URL: database.url } };
  return {
    database,
    project,
    run: async (...args) => piped(args.join(" "), await runCli(args, options)),
    draw: async (columns, ...args) => {
      const { exitCode, screen } = await runInTerminal(args, { ...options, columns });
      return { command: args.join(" "), exitCode, output: { terminal: screen } };
    },
    show: (runs) => transcript(runs, { [project]: "/project" }),
  };
}

/** Makes every row of the ledger the same in each run: a test server is fast and slow, and started by anyone. */
async function fixLedger({ sql }: TestDatabase): Promise<void> {
  await sql.unsafe(`
    update schema_migrations set
      applied_at = timestamptz '2026-01-31 08:15:00Z' + applied_order * interval '1 minute',
      duration = case applied_order when 1 then interval '8 ms' else interval '1.254 s' end,
      applied_by = case applied_order when 1 then 'deploy' else 'release_manager' end;
    update schema_definitions set applied_at = '2026-01-31 08:20:00Z'`);
}

test("migrate", async () => {
  const { run, show } = await createSandbox();
  await expect(
    show([
      await run("migrate", "--dry-run"),
      await run("migrate", "--dry-run", "--to", "001_initial_schema"),
      await run("migrate", "--to", "001_initial_schema"),
      await run("migrate", "--to", "001_initial_schema"),
      await run("migrate"),
      await run("migrate"),
    ]),
  ).toMatchFileSnapshot("golden/migrate.txt");
});

test("status", async () => {
  const { database, project, run, show } = await createSandbox();
  const before = await run("status");
  await run("migrate");
  await fixLedger(database);
  const after = await run("status");
  await writeFiles(project, {
    "migrations/003_ratings.sql": migration("select 3"),
    "functions/count_episodes.sql": `${files["functions/count_episodes.sql"]}-- changed\n`,
    "views/all_dramas.sql": "create or replace view all_dramas as select title from dramas;\n",
  });
  await rm(`${project}/views/best_dramas.sql`);
  const pending = await run("status", "--exit-code");
  await writeFiles(project, { "migrations/001_initial_schema.sql": migration("select 1") });
  await rm(`${project}/migrations/002_episodes_with_subtitles_in_more_than_one_language.sql`);
  await expect(show([before, after, pending, await run("status")])).toMatchFileSnapshot(
    "golden/status.txt",
  );
});

test("rollback", async () => {
  const { run, show } = await createSandbox();
  await run("migrate");
  await expect(
    show([
      await run("rollback", "--steps", "2", "--dry-run"),
      await run("rollback"),
      await run("rollback", "--steps", "5"),
      await run("rollback"),
      await run("rollback", "--steps", "0"),
    ]),
  ).toMatchFileSnapshot("golden/rollback.txt");
});

test("views", async () => {
  const { database, run, draw, show } = await createSandbox();
  await run("migrate");
  await database.sql.unsafe(`
    create materialized view titles as select id, title from dramas;
    create materialized view long_titles as select title from titles where length(title) > 20;
    create materialized view long_titles_in_alphabetical_order as select title from long_titles order by title;
    create materialized view episodes_of_each_drama as
      select drama_id, count(*) as number from episodes group by drama_id with no data;
    insert into matview_policies (view_name, every) values ('gone', '1 hour')`);
  await expect(
    show([
      await draw(80, "views", "refresh", "--dry-run"),
      await run("views", "refresh", "titels"),
      await run("views", "refresh", "titles", "--swap"),
      await run("views", "refresh", "titles", "--concurrently"),
      await run("views", "refresh", "episodes"),
      await run("views", "refresh", "--jobs", "0"),
      await run("views"),
      await run("views", "record-refreshes"),
      await run("views", "record-refreshes", "--off"),
    ]),
  ).toMatchFileSnapshot("golden/views.txt");
});

test("new", async () => {
  const { run, show } = await createSandbox();
  await expect(
    show([await run("new", "add_ratings"), await run("new", "드라마")]),
  ).toMatchFileSnapshot("golden/new.txt");
});

test("server", async () => {
  const { run, show } = await createSandbox();
  await expect(
    show([await run("server", "status"), await run("server", "url"), await run("server", "stop")]),
  ).toMatchFileSnapshot("golden/server.txt");
});

test("help and wrong usage", async () => {
  const { run, show } = await createSandbox();
  await expect(
    show([
      await run("--help"),
      await run("server", "--help"),
      await run("server"),
      await run("migrat"),
      await run("migrate", "--dry"),
      await run("rollback", "--steps", "2", "--to", "001_initial_schema"),
      await run("migrate", "--to", "2"),
    ]),
  ).toMatchFileSnapshot("golden/usage.txt");
});

test("SQL that fails, or that cannot be read", async () => {
  const { database, project, run, show } = await createSandbox();
  await run("migrate");
  await writeFiles(project, { "migrations/003_subtitles.sql": failing });
  const failed = await run("migrate");
  await writeFiles(project, { "migrations/003_subtitles.sql": migration("create tabel a ()") });
  const unreadable = await run("migrate");
  await writeFiles(project, {
    "migrations/003_subtitles.sql": migration("create index concurrently on dramas (title)"),
  });
  const forbidden = await run("migrate");
  await writeFiles(project, {
    "migrations/003_subtitles.sql": migration("select 1"),
    "views/best_dramas.sql": "create or replace view best_dramas as select name from dramas;\n",
  });
  const definition = await run("migrate");
  await database.sql.unsafe("create view by_hand as select * from episodes");
  const rollback = await run("rollback", "--to", "001_initial_schema");
  await expect(show([failed, unreadable, forbidden, definition, rollback])).toMatchFileSnapshot(
    "golden/failures.txt",
  );
});

test("files that disagree with the ledger", async () => {
  const { project, run, show } = await createSandbox();
  await run("migrate");
  const [first, second] = Object.keys(files);
  await writeFiles(project, { [String(first)]: migration("select 1") });
  const changed = await run("migrate");
  await writeFiles(project, files);
  await rm(`${project}/${second}`);
  const missing = await run("migrate");
  await writeFiles(project, { ...files, "migrations/004_gap.sql": migration("select 4") });
  await expect(show([changed, missing, await run("migrate")])).toMatchFileSnapshot(
    "golden/disagreements.txt",
  );
});

test("no connection", async () => {
  const passwords = "127.0.0.1:1:*:*:secret\n";
  const { database, project, run, show } = await createSandbox({ ...files, passwords });
  // Left aside with a warning.
  await chmod(`${project}/passwords`, 0o644);
  const wrongPassword = new URL(database.url);
  wrongPassword.password = "wrong";
  const wrong = await run("status", "--url", wrongPassword.href);
  await expect(
    show([
      await run("status", "--url", "postgres://nobody@127.0.0.1:1/nothing"),
      { ...wrong, command: "status --url postgres://postgres:wrong@…" },
      await run("status", "--url", "mysql://user:password@host/database"),
      await run("status", "--url", "host=127.0.0.1 port=1 user=me passfile=passwords"),
    ]),
  ).toMatchFileSnapshot("golden/connection.txt");
});

/** Ends when the program gives up, after a minute: begun first and looked at last. */
let locked: Promise<ShownRun>;

beforeAll(async () => {
  const { url } = await createDatabase();
  const cwd = await createProject(files);
  const sql = openSession(`${url}?application_name=doramaflix-db:%20001_slow`);
  await sql.unsafe("select pg_advisory_lock(hashtextextended('doramaflix-db migrations', 0))");
  locked = runCli(["migrate"], { cwd, env: { DATABASE_URL: url } }).then((result) =>
    piped("migrate", result),
  );
});

describe.skipIf(isMissing("script")).each([80, 160])("in a terminal of %i columns", (columns) => {
  test("the screen is as a user should see it", async () => {
    const { database, project, draw, show } = await createSandbox();
    const runs = [
      await draw(columns, "--help"),
      await draw(columns, "migrate", "--dry-run"),
      await draw(columns, "migrate"),
    ];
    await fixLedger(database);
    runs.push(await draw(columns, "status"));
    await writeFiles(project, { "migrations/003_subtitles.sql": failing });
    runs.push(await draw(columns, "migrate"));
    await writeFiles(project, { "migrations/003_subtitles.sql": failingInLongLine });
    runs.push(await draw(columns, "migrate"));
    await writeFiles(project, { "migrations/001_initial_schema.sql": migration("select 1") });
    runs.push(
      await draw(columns, "status"),
      await draw(columns, "migrate"),
      await draw(columns, "rollback"),
      await draw(columns, "migrate", "--steps"),
    );
    expect(runs.flatMap(({ output }) => Object.values(output)).join("\n")).not.toContain("↩");
    await expect(show(runs)).toMatchFileSnapshot(`golden/terminal-${columns}.txt`);
  });
});

test("colours are for a terminal, unless NO_COLOR or FORCE_COLOR says otherwise", async (context) => {
  if (isMissing("script")) context.skip("there is no program script");
  const { database, project } = await createSandbox();
  const given = { cwd: project, env: { DATABASE_URL: database.url } };
  const inTerminal = async (env: Readonly<Record<string, string>>): Promise<boolean> => {
    const run = await runInTerminal(["status"], {
      ...given,
      columns: 80,
      env: { ...given.env, ...env },
    });
    return run.styled;
  };
  expect(await inTerminal({})).toBe(true);
  expect(await inTerminal({ NO_COLOR: "1" })).toBe(false);
  const forced = await runCli(["status"], { ...given, env: { ...given.env, FORCE_COLOR: "1" } });
  expect(forced.stdout).toContain("\u001b[");
  expect((await runCli(["status"], given)).stdout).not.toContain("\u001b");
});

test("a run that finds another one at work", { timeout: 120_000 }, async () => {
  await expect(transcript([await locked], {})).toMatchFileSnapshot("golden/locked.txt");
});
