import type postgres from "postgres";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { TestDatabase } from "../../support/database.ts";
import { createDoramaflix, id, insertCatalogue, logIn, queryFor } from "./catalogue.ts";

let database: TestDatabase;
let app: postgres.Sql;

const user = id("user", 1);
const episode = id("episode", 101);
const thisYear = new Date().getUTCFullYear();

beforeAll(async () => {
  database = await createDoramaflix();
  await insertCatalogue(database.sql, { users: 2, courses: 2 });
  app = await logIn(database, "doramaflix_app");
});

beforeEach(async () => {
  await database.sql.unsafe("truncate user_progress");
});

afterEach(async () => {
  // A test that failed must not leave its lock to the next one.
  await app.unsafe("rollback");
});

function call(
  seconds: number,
  moment: string,
  options: { readonly completed?: boolean } = {},
): string {
  return `select record_progress('${user}', '${episode}', ${seconds}, ${options.completed ?? false}, '${moment}') as recorded`;
}

async function record(...args: Parameters<typeof call>): Promise<unknown> {
  const [row] = await queryFor(app, user, call(...args));
  return row?.["recorded"];
}

async function rows(): Promise<unknown[]> {
  return database.sql.unsafe(`
    select tableoid::regclass::text as partition, progress_seconds as seconds, completed,
      to_char(last_watched_at, 'MM-DD HH24:MI') as at
    from user_progress order by last_watched_at`);
}

test("the first call inserts the row, the next one changes it", async () => {
  expect(await record(60, `${thisYear}-03-01 10:00Z`)).toBe(true);
  expect(await record(90, `${thisYear}-03-02 10:00Z`, { completed: true })).toBe(true);
  expect(await rows()).toEqual([
    { partition: `user_progress_${thisYear}`, seconds: 90, completed: true, at: "03-02 10:00" },
  ]);
});

test("the row moves into the partition of the new year", async () => {
  await record(60, `${thisYear - 1}-12-31 23:59Z`);
  expect(await record(90, `${thisYear}-01-01 00:00Z`)).toBe(true);
  expect(await rows()).toEqual([
    { partition: `user_progress_${thisYear}`, seconds: 90, completed: false, at: "01-01 00:00" },
  ]);
});

test.each([`${thisYear}-03-01`, `${thisYear - 1}-12-31`])(
  "a call that arrives late, of %s, changes nothing",
  async (moment) => {
    await record(90, `${thisYear}-03-02 10:00Z`);
    expect(await record(60, `${moment} 10:00Z`)).toBe(false);
    expect(await rows()).toMatchObject([{ seconds: 90, at: "03-02 10:00" }]);
  },
);

test("without a moment it is the present, and not completed", async () => {
  await queryFor(app, user, `select record_progress('${user}', '${episode}', 5)`);
  const [row] = await database.sql.unsafe(
    "select progress_seconds, completed, now() - last_watched_at < interval '1 minute' as recent from user_progress",
  );
  expect(row).toEqual({ progress_seconds: 5, completed: false, recent: true });
});

test.each([
  ["in one year", [`${thisYear}-06-01 12:00:00Z`, `${thisYear}-06-01 12:00:19Z`]],
  [
    "across the change of the year",
    [`${thisYear - 1}-12-31 23:59:50Z`, `${thisYear}-01-01 00:00:09Z`],
  ],
])("20 sessions at once leave one row, the newest: %s", async (_name, [start, end]) => {
  const sessions = await Promise.all(
    Array.from({ length: 20 }, async () => logIn(database, "doramaflix_app")),
  );
  for (let round = 0; round < 5; round += 1) {
    await database.sql.unsafe("truncate user_progress");
    await Promise.all(
      sessions.map(async (session, index) =>
        queryFor(
          session,
          user,
          `select record_progress('${user}', '${episode}', ${index}, false,
            '${start}'::timestamptz + make_interval(secs => ${index}))`,
        ),
      ),
    );
    const [row, ...others] = await database.sql.unsafe(
      `select progress_seconds, last_watched_at = '${end}' as newest from user_progress`,
    );
    expect(row).toEqual({ progress_seconds: 19, newest: true });
    expect(others).toEqual([]);
  }
});

test("a session that waits for the same pair sees what the other one has written", async () => {
  const other = await logIn(database, "doramaflix_app");
  await app.unsafe("begin");
  await record(60, `${thisYear}-03-01 10:00Z`);
  const waiting = queryFor(other, user, call(90, `${thisYear}-03-01 11:00Z`));
  await expect
    .poll(async () =>
      database.sql.unsafe(
        "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
      ),
    )
    .toHaveLength(1);
  await app.unsafe("commit");
  await waiting;
  expect(await rows()).toMatchObject([{ seconds: 90 }]);
});

test("REPEATABLE READ is refused, for its snapshot is older than the lock", async () => {
  await app.unsafe("begin isolation level repeatable read");
  await expect(record(60, `${thisYear}-03-01`)).rejects.toMatchObject({ code: "25000" });
  await app.unsafe("rollback");
});

test("the application records for its own user only", async () => {
  await expect(queryFor(app, id("user", 2), call(60, `${thisYear}-03-01`))).rejects.toMatchObject({
    code: "42501",
  });
  await expect(queryFor(app, "", call(60, `${thisYear}-03-01`))).rejects.toMatchObject({
    code: "42501",
  });
  const readonly = await logIn(database, "doramaflix_readonly");
  await expect(readonly.unsafe(call(60, `${thisYear}-03-01`))).rejects.toMatchObject({
    code: "42501",
  });
});

test("a call touches no other partition than that of its year", async () => {
  await record(60, `${thisYear}-03-01`);
  const session = await logIn(database, "doramaflix_app");
  await session.unsafe("begin");
  await queryFor(session, user, call(90, `${thisYear}-03-02`));
  const locked = await session.unsafe(`
    select distinct relation::regclass::text as name from pg_locks join pg_class on pg_class.oid = relation
    where pid = pg_backend_pid() and relkind = 'r' and relispartition`);
  await session.unsafe("commit");
  expect(locked).toEqual([{ name: `user_progress_${thisYear}` }]);
});

test("duplicates that were written without it are found, by each user their own", async () => {
  await database.sql.unsafe(`
    insert into user_progress (user_id, episode_id, last_watched_at) values
      ('${user}', '${episode}', '${thisYear - 1}-05-01'), ('${user}', '${episode}', '${thisYear}-05-01'),
      ('${user}', '${episode}', '${thisYear}-06-01'), ('${user}', '${id("episode", 102)}', '${thisYear}-05-01'),
      ('${id("user", 2)}', '${episode}', '${thisYear}-05-01')`);
  const found = await database.sql.unsafe(`
    select user_id, episode_id, row_count::int, to_char(current_row, 'YYYY-MM') as current,
      to_char(oldest_row, 'YYYY-MM') as oldest
    from duplicate_progress`);
  expect(found).toEqual([
    {
      user_id: user,
      episode_id: episode,
      row_count: 3,
      current: `${thisYear}-06`,
      oldest: `${thisYear - 1}-05`,
    },
  ]);
  // The newest row goes on to be the current one.
  expect(await record(7, `${thisYear}-07-01`)).toBe(true);
  expect((await rows()).at(-1)).toMatchObject({ seconds: 7, at: "07-01 00:00" });
  const owner = await logIn(database, "doramaflix_owner");
  expect(await owner.unsafe("select from duplicate_progress")).toHaveLength(1);
  await expect(app.unsafe("select from duplicate_progress")).rejects.toMatchObject({
    code: "42501",
  });
});
