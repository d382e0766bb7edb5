import type postgres from "postgres";
import { describe, expect, test } from "vitest";
import { engineTables } from "../../src/core/engine-tables.ts";
import { packageRoot } from "../../src/core/package-root.ts";
import { SeedResult } from "../../src/seed/results.ts";
import { runCli, startCli, type CliResult } from "../support/cli.ts";
import { createDatabase, createRole, urlOf } from "../support/database.ts";
import { createProject } from "../support/project.ts";
import { refusedWithHint, type ErrorDocument } from "./bad-input/refusals.ts";

async function seed(url: string, project: string, ...options: string[]): Promise<CliResult> {
  return runCli(["seed", "--url", url, "--project", project, ...options]);
}

function resultOf({ stdout, stderr }: CliResult): SeedResult {
  expect(stdout, stderr).toMatch(/^\{/);
  return SeedResult.parse(JSON.parse(stdout));
}

function errorOf({ stdout }: CliResult): ErrorDocument {
  return (JSON.parse(stdout) as { error: ErrorDocument }).error;
}

const table = "create table t (id int primary key, at text);\n";

describe("the files of seeds/", () => {
  test("run in the order of their names, in one transaction, with the parameters as settings", async () => {
    const { url, sql } = await createDatabase();
    const project = await createProject({
      "seeds/20_second.sql": "insert into t select 2, current_setting('seed.as_of'), xid();",
      "seeds/10_first.sql":
        "create table t (id int, at text, transaction xid8);\n" +
        "create function xid() returns xid8 language sql return pg_current_xact_id();\n" +
        "insert into t select n, concat_ws(' ', current_setting('seed.users')::int, current_setting('seed.courses'),\n" +
        "  current_setting('seed.days'), current_setting('seed.random_seed')), xid()\n" +
        "from generate_series(0, 1) n;\n" +
        // Neither reaches the next file.
        "create schema elsewhere; set search_path = elsewhere; set role pg_monitor; reset role",
    });
    const options = ["--users", "5", "--courses", "6", "--days", "7", "--random-seed", "8"];
    const run = await seed(url, project, ...options, "--as-of", "2026-02-28", "--json");
    expect(run).toMatchObject({ exitCode: 0 });
    expect(resultOf(run)).toMatchObject({
      seeded: true,
      filled: [],
      parameters: { users: 5, courses: 6, days: 7, randomSeed: 8, asOf: "2026-02-28" },
      files: [
        { path: "seeds/10_first.sql", rows: 2 },
        { path: "seeds/20_second.sql", rows: 1 },
      ],
      tables: [{ table: "t", rows: 3 }],
    });
    expect(run.stderr).toMatch(/Ran seeds\/10_first\.sql \(2 rows, \d.*s\)\n/);
    expect(
      await sql.unsafe(
        "select id, at, count(*) over (partition by transaction)::int from t order by id",
      ),
    ).toEqual([
      { id: 0, at: "5 6 7 8", count: 3 },
      { id: 1, at: "5 6 7 8", count: 3 },
      { id: 2, at: "2026-02-28", count: 3 },
    ]);
  });

  test("do nothing in a database with rows, which is no error, and run all the same with --append", async () => {
    const { url, sql } = await createDatabase();
    await sql.unsafe("create table parts (id int) partition by range (id)");
    await sql.unsafe("create table part partition of parts for values from (0) to (10)");
    await sql.unsafe("create table empty (id int)");
    await sql.unsafe("insert into parts values (1)");
    const project = await createProject({ "seeds/a.sql": "insert into parts values (2)" });
    const again = await seed(url, project, "--json");
    expect(again.exitCode).toBe(0);
    expect(resultOf(again)).toMatchObject({ seeded: false, filled: ["parts"], files: [] });
    const said = await seed(url, project);
    expect(said.stdout).toMatch(
      /^Nothing was done: .* has rows already, in parts\. To add to them: --append\n$/,
    );
    expect(await sql.unsafe("select id from parts")).toEqual([{ id: 1 }]);

    const added = await seed(url, project, "--append", "--json");
    expect(resultOf(added)).toMatchObject({ seeded: true, tables: [{ table: "parts", rows: 1 }] });
    expect(await sql.unsafe("select id from parts order by id")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("leave nothing when one fails, and its statement is shown", async () => {
    const { url, sql } = await createDatabase();
    const project = await createProject({
      "seeds/1.sql": table + "insert into t values (1);",
      "seeds/2.sql":
        "insert into t values (2);\n-- Twice: 불시착\ninsert into t\n  select id, wrong from t;\n",
    });
    const run = await seed(url, project, "--json");
    expect(run.exitCode).toBe(8);
    expect(errorOf(run)).toMatchObject({
      code: "SEED_FAILED",
      message: '"seeds/2.sql" failed.',
      sqlState: "42703",
      location: { file: "seeds/2.sql", line: 4, column: 14 },
      hint: expect.stringContaining("The database is as it was.") as string,
    });
    expect(run.stderr).toContain("Running seeds/2.sql");
    expect(await sql.unsafe("select to_regclass('t') as t")).toEqual([{ t: null }]);
  });

  test("are shown at the right place where the server names none, or one inside a block", async () => {
    const { url } = await createDatabase();
    const project = await createProject({
      "seeds/1.sql": table + "insert into t values (1);\n\n  insert into t values (1);",
    });
    expect(errorOf(await seed(url, project, "--json")).location).toMatchObject({
      line: 4,
      column: 3,
    });
    const block = await createProject({
      "seeds/1.sql": "do $$\nbegin\n  perform 1;\n  insert into missing values (1);\nend $$;",
    });
    const { location } = errorOf(await seed(url, block, "--json"));
    expect(location).toMatchObject({ line: 4, text: "  insert into missing values (1);" });
  });

  test("leave nothing when a constraint refuses the commit", async () => {
    const { url, sql } = await createDatabase();
    await sql.unsafe(
      "create table a (id int primary key, a int references a deferrable initially deferred)",
    );
    const project = await createProject({ "seeds/1.sql": "insert into a values (1, 2)" });
    const run = await seed(url, project, "--json");
    expect(errorOf(run)).toMatchObject({ code: "SEED_FAILED", sqlState: "23503", exitCode: 8 });
    expect(await sql.unsafe("select from a")).toHaveLength(0);
  });

  test("that miss a table lead to migrate, and those that miss a right to the owner", async () => {
    const { name, url } = await createDatabase();
    const project = await createProject({ "seeds/1.sql": "insert into users default values" });
    const { hint } = errorOf(await seed(url, project, "--json"));
    expect(hint).toContain("Are all migrations applied?");
    const role = await createRole();
    const asRole = urlOf({ database: name, user: role, password: "secret" });
    const other = await createProject({ "seeds/1.sql": "create table public.t (id int)" });
    const refused = errorOf(await seed(asRole, other, "--json"));
    expect(refused).toMatchObject({ code: "SEED_FAILED", sqlState: "42501" });
    expect(refused.hint).toContain("Connect as the owner");
  });

  test("run once at a time: a second run is refused and told who is at it", async () => {
    const { url, sql } = await createDatabase();
    const project = await createProject({
      "seeds/1.sql": `${table}insert into t values (1);\nset local lock_timeout = 0;\nselect pg_advisory_xact_lock(7);`,
    });
    await sql.unsafe("select pg_advisory_lock(7)");
    const first = seed(url, project);
    await expect.poll(async () => waiting(sql), { timeout: 20_000 }).toBe(1);
    const second = await seed(url, project, "--json");
    expect(errorOf(second)).toMatchObject({ code: "LOCKED", exitCode: 6 });
    expect(errorOf(second).detail).toMatch(/^Process \d+ of user ".+" from .*"doramaflix-db"/);
    await sql.unsafe("select pg_advisory_unlock(7)");
    expect(await first).toMatchObject({ exitCode: 0 });
    expect(resultOf(await seed(url, project, "--json"))).toMatchObject({ seeded: false });
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "leave nothing when %s interrupts them",
    async (signal) => {
      const { url, sql } = await createDatabase();
      const project = await createProject({
        "seeds/1.sql": `${table}insert into t values (1);\nset local lock_timeout = 0;\nselect pg_advisory_xact_lock(7);`,
      });
      await sql.unsafe("select pg_advisory_lock(7)");
      const args = ["seed", "--json", "--url", url, "--project", project];
      const { child, result } = startCli(args);
      await expect.poll(async () => waiting(sql), { timeout: 20_000 }).toBe(1);
      child.kill(signal);
      expect(errorOf(await result)).toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
      await expect.poll(async () => waiting(sql)).toBe(0);
      expect(await sql.unsafe("select to_regclass('t') as t")).toEqual([{ t: null }]);
    },
  );

  test.each([
    { what: "commits", sql: "select 1;\n  commit;", line: 2, code: "SEED_FILE_INVALID" },
    { what: "waits for a client", sql: "copy t from stdin;", line: 1, code: "SEED_FILE_INVALID" },
    { what: "is no SQL", sql: "select 1;\nselekt 2;", line: 2, code: "MIGRATION_SYNTAX" },
  ])("are refused before the first one runs when one $what", async ({ sql: text, line, code }) => {
    const { url, sql } = await createDatabase();
    const project = await createProject({ "seeds/1.sql": table, "seeds/2.sql": text });
    const run = await seed(url, project, "--json");
    expect(errorOf(run)).toMatchObject({
      code,
      exitCode: 2,
      location: { file: "seeds/2.sql", line },
    });
    expect(run.stderr).not.toContain("Running");
    expect(await sql.unsafe("select to_regclass('t') as t")).toEqual([{ t: null }]);
  });
});

/** How many sessions of the database wait for an advisory lock. */
async function waiting(sql: postgres.Sql): Promise<number> {
  const rows = await sql.unsafe(
    "select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()",
  );
  return rows.length;
}

describe("wrong options", () => {
  test.each([
    ["--users", "0"],
    ["--users", "-1"],
    ["--users", "1.5"],
    ["--users", "10000001"],
    ["--courses", "many"],
    ["--days", "3651"],
    ["--random-seed", "2147483648"],
    ["--as-of", "2026-02-30"],
    ["--as-of", "yesterday"],
  ])("%s %s is refused", async (option, value) => {
    const { exitCode, error } = await refusedWithHint("seed", `${option}=${value}`);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ code: "USAGE" });
    expect(error.message).toContain(option);
    expect(error.message).toContain(`"${value}"`);
  });

  test("a project without seeds is refused", async () => {
    for (const files of [{ "migrations/.gitkeep": "" }, { "seeds/README.md": "" }]) {
      const project = await createProject(files);
      const { exitCode, error } = await refusedWithHint("seed", "--project", project);
      expect(exitCode).toBe(2);
      expect(error).toMatchObject({ code: "SEEDS_NOT_FOUND" });
    }
  });
});

const size = ["--users", "400", "--courses", "100", "--days", "70", "--as-of", "2026-03-01"];

/** A database with the schema of Doramaflix. */
async function migratedDatabase(): Promise<{ readonly url: string; readonly sql: postgres.Sql }> {
  const { url, sql } = await createDatabase();
  const run = await runCli(["migrate", "--url", url, "--project", packageRoot]);
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  return { url, sql };
}

/** A checksum of the rows of each table of the project, by name. */
async function checksums(sql: postgres.Sql): Promise<Record<string, string>> {
  const tables = await sql.unsafe<{ name: string }[]>(`
    select c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      -- It is computed for this moment.
      and c.relname <> 'similar_courses'
    order by 1`);
  const own = engineTables();
  const result: Record<string, string> = {};
  for (const { name } of tables.filter((each) => !own.has(each.name))) {
    const [row] = await sql.unsafe<{ sum: string }[]>(
      `select concat(count(*), ' ', md5(string_agg(t::text, e'\\n' order by t::text collate "C"))) as sum from ${name} t`,
    );
    result[name] = row?.sum ?? "";
  }
  return result;
}

test("the same random seed gives the same data, another one other data, and a second run changes nothing", async () => {
  const [one, two, other] = await Promise.all([
    migratedDatabase(),
    migratedDatabase(),
    migratedDatabase(),
  ]);
  const runs = await Promise.all([
    seed(one.url, packageRoot, ...size, "--json"),
    seed(two.url, packageRoot, ...size, "--json"),
    seed(other.url, packageRoot, ...size, "--random-seed", "2", "--json"),
  ]);
  for (const run of runs) expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  const first = await checksums(one.sql);
  expect(await checksums(two.sql)).toEqual(first);
  const different = Object.entries(await checksums(other.sql)).filter(
    ([name, sum]) => sum === first[name],
  );
  expect(different).toEqual([]);

  for (const { table: name, rows } of resultOf(runs[0]).tables) {
    const [counted] = await one.sql.unsafe(`select count(*)::int as count from ${name}`);
    expect([name, counted?.["count"]]).toEqual([name, rows]);
  }
  const again = resultOf(await seed(one.url, packageRoot, ...size, "--json"));
  expect(again.seeded).toBe(false);
  expect(await checksums(one.sql)).toEqual(first);
}, 120_000);

test("more data can be added with another random seed, and not with the same", async () => {
  const { url, sql } = await migratedDatabase();
  const small = ["--users", "20", "--courses", "5", "--days", "3", "--as-of", "2026-03-02"];
  expect(await seed(url, packageRoot, ...small)).toMatchObject({ exitCode: 0 });
  const before = await checksums(sql);
  const same = await seed(url, packageRoot, ...small, "--append", "--json");
  expect(errorOf(same)).toMatchObject({ code: "SEED_FAILED", sqlState: "23505" });
  expect(errorOf(same).hint).toContain("--random-seed");
  expect(await checksums(sql)).toEqual(before);
  const more = await seed(url, packageRoot, ...small, "--append", "--random-seed", "2");
  expect(more, more.stderr).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select count(*)::int from users")).toEqual([{ count: 40 }]);
});

test("a member of the owner's role can fill the database", async () => {
  const { url, sql } = await migratedDatabase();
  const role = await createRole("in role doramaflix_owner");
  const asRole = urlOf({
    database: new URL(url).pathname.slice(1),
    user: role,
    password: "secret",
  });
  const run = await seed(asRole, packageRoot, "--users", "20", "--days", "40", "--courses", "10");
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select count(*)::int from users")).toEqual([{ count: 20 }]);
});

test("the smallest database can be filled", async () => {
  const { url, sql } = await migratedDatabase();
  const run = await seed(url, packageRoot, "--users", "1", "--courses", "1", "--days", "1");
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  expect(await sql.unsafe("select title from courses")).toEqual([
    { title: "Crash Landing on You" },
  ]);
});

/** Each counts the rows that must not be. */
const impossible = {
  "a viewing before its user joined":
    "watch_history h join users u on u.id = h.user_id where h.watched_at < u.created_at",
  "a viewing before its course was there":
    "watch_history h join episodes e on e.id = h.episode_id where h.watched_at < e.created_at or h.watched_at::date <= e.air_date",
  "a viewing after the last day, or before the first":
    "watch_history where watched_at >= '2026-03-01' or watched_at < '2025-12-21'",
  "a viewing of a draft":
    "watch_history h join episodes e on e.id = h.episode_id join courses c on c.id = e.course_id where c.status = 'draft'",
  "a viewing longer than its episode":
    "watch_history h join episodes e on e.id = h.episode_id where h.watch_duration not between 1 and e.video_duration",
  "a progress beyond its episode":
    "user_progress p join episodes e on e.id = p.episode_id where p.progress_seconds not between 1 and e.video_duration",
  "a progress that is not the last viewing's": `(
    select user_id, episode_id, max(watched_at) as at from watch_history group by 1, 2) h
    full join user_progress p on p.user_id = h.user_id and p.episode_id = h.episode_id
    where h.at is distinct from p.last_watched_at`,
  "a user with a wrong total": `users u left join (
    select user_id, sum(watch_duration) as seconds from watch_history group by 1) h on h.user_id = u.id
    where u.total_watch_time <> coalesce(h.seconds, 0)`,
  "a course with wrong totals": `courses c left join (
    select e.course_id, count(*) as views, count(*) filter (where h.watched_at >= '2026-01-30') as recent
    from watch_history h join episodes e on e.id = h.episode_id group by 1) h on h.course_id = c.id
    where c.total_views <> coalesce(h.views, 0) or c.popularity <> coalesce(h.recent, 0)`,
  "a course with a wrong rating": `courses c left join (
    select course_id, round(avg(rating), 2) as rating from user_reviews where is_approved group by 1) r on r.course_id = c.id
    where c.rating is distinct from r.rating`,
  "a course with another number of episodes": `courses c where c.total_episodes <> (
    select count(*) from episodes e where e.course_id = c.id)`,
  "a completed status without the viewings": `user_watch_status s join courses c on c.id = s.course_id
    where s.status = 'completed' and c.total_episodes <> (select count(*) from user_progress p
      join episodes e on e.id = p.episode_id where p.user_id = s.user_id and e.course_id = s.course_id and p.completed)`,
  "two viewings with one number":
    "(select id from watch_history group by id having count(*) > 1) twice",
  "a review after the last day": "user_reviews where created_at >= '2026-03-01'",
  "a partition that is not the owner's, or readable by name": `pg_inherits i
    join pg_class p on p.oid = i.inhparent and p.relkind = 'p' join pg_class c on c.oid = i.inhrelid
    where c.relowner <> 'doramaflix_owner'::regrole or c.relrowsecurity <> p.relrowsecurity`,
  "a number that the nightly job would correct":
    "compute_daily_analytics('2025-12-21', '2026-02-28') where content_rows > 0 or user_rows > 0",
};

/** Each is true of data that look like real ones. */
const likely = {
  "about one viewing for a user and 16 days":
    "select count(*) between 0.9 * 1500 * 70 / 16 and 1.02 * 1500 * 70 / 16 from watch_history",
  "the most popular hundredth of the courses has a sixth of the viewings": `select
    sum(total_views) filter (where place <= 3) > 0.18 * sum(total_views)
    from (select total_views, row_number() over (order by total_views desc) as place from courses) c`,
  "half of the courses have less than a tenth of them": `select
    sum(total_views) filter (where place > 150) < 0.1 * sum(total_views)
    from (select total_views, row_number() over (order by total_views desc) as place from courses) c`,
  "evenings have three times as many as mornings": `select
    count(*) filter (where extract(hour from watched_at) between 18 and 23)
      > 3 * count(*) filter (where extract(hour from watched_at) between 6 and 11) from watch_history`,
  "a day of the weekend has half as many again as another day": `select
    count(*) filter (where extract(isodow from watched_at) > 5) / 2.0
      > 1.5 * count(*) filter (where extract(isodow from watched_at) <= 5) / 5.0 from watch_history`,
  "most episodes are watched to the end, and some are not":
    "select avg(completed::int) between 0.7 and 0.97 from user_progress",
  "viewers drop out from episode to episode": `select
    count(*) filter (where episode_number = 1) > 1.5 * count(*) filter (where episode_number = 8)
      and count(*) filter (where episode_number = 8) > 0
    from watch_history h join episodes e on e.id = h.episode_id`,
  "more users join in the later half": `select
    count(*) filter (where created_at >= '2025-01-25') > 1.5 * count(*) filter (where created_at < '2025-01-25') from users`,
  "some reviews wait for approval":
    "select count(*) filter (where not is_approved) between 1 and 0.3 * count(*) from user_reviews",
  "a tenth of the users watches at least a third of the time": `select
    sum(total_watch_time) filter (where place <= 150) > sum(total_watch_time) / 3
    from (select total_watch_time, row_number() over (order by total_watch_time desc) as place from users) u`,
  "queries are typed more than once":
    "select count(*) > 1.3 * count(distinct query) from search_queries",
  "some searches find nothing, and some end with a click": `select
    count(*) filter (where results = 0) > 0 and count(clicked_id) > 0 from search_queries`,
  "titles stand in their scripts": `select bool_or(original_title ~ '[가-힣]') and bool_or(original_title ~ '[ぁ-ん]')
    and bool_or(original_title ~ '[一-龥]') and bool_or(original_title ~ '[ก-๛]') and bool_or(title like '%São%')
    from courses`,
  "the title of the pages is there": `select
    count(*) = 1 from courses where title = 'Crash Landing on You' and original_title = '사랑의 불시착'`,
  "each period has a ranking": "select count(distinct period) = 3 from trending_content",
  "nobody can log in": "select bool_and(password_hash = '!') from users",
};

test("the data are possible, and look like real ones", async () => {
  const { url, sql } = await migratedDatabase();
  const options = ["--users", "1500", "--courses", "300", "--days", "70", "--as-of", "2026-03-01"];
  const run = await seed(url, packageRoot, ...options);
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  const found: string[] = [];
  for (const [what, rows] of Object.entries(impossible)) {
    const [row] = await sql.unsafe(`select count(*)::int as count from ${rows}`);
    if (row?.["count"] !== 0) found.push(`${what}: ${row?.["count"]}`);
  }
  for (const [what, query] of Object.entries(likely)) {
    const [row] = await sql.unsafe(query).values();
    if (row?.[0] !== true) found.push(`not: ${what}`);
  }
  expect(found).toEqual([]);
}, 120_000);
