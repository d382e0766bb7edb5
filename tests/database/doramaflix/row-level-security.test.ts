import type postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createDoramaflixDatabase,
  createRole,
  openSession,
  urlOf,
  type TestDatabase,
} from "../../support/database.ts";
import { alice, bob, course, episode, insertSampleRows, otherCourse } from "./sample-rows.ts";

let database: TestDatabase;

/** Sessions of logins that are members of one role each; "stranger" is a member of none. */
let owner: postgres.Sql;
let app: postgres.Sql;
let readonly: postgres.Sql;
let stranger: postgres.Sql;

beforeAll(async () => {
  database = await createDoramaflixDatabase();
  await insertSampleRows(database.sql);
  owner = await logIn("in role doramaflix_owner");
  app = await logIn("in role doramaflix_app");
  readonly = await logIn("in role doramaflix_readonly");
  stranger = await logIn("");
});

async function logIn(options: string): Promise<postgres.Sql> {
  const user = await createRole(options);
  return openSession(urlOf({ database: database.name, user, password: "secret" }));
}

/** SQLSTATE of a missing privilege, and of a row that a policy refuses. */
const refused = "42501";

/** What a statement did: the number of its rows, or the SQLSTATE that it failed with. */
type Outcome = number | string;

/** Runs a statement for a user and takes it back; without a user the setting is left as it is. */
async function outcome(
  session: postgres.Sql,
  user: string | undefined,
  statement: string,
): Promise<Outcome> {
  await session.unsafe("begin");
  try {
    if (user !== undefined) {
      await session.unsafe("select set_config('doramaflix.user_id', $1, true)", [user]);
    }
    return (await session.unsafe(statement)).count;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await session.unsafe("rollback");
  }
}

/** A table whose rows belong to users: four statements on the rows of one user, and which of them the app may run. */
interface PersonalTable {
  readonly name: string;
  readonly user: string;
  readonly insert: (user: string) => string;
  readonly set: string;
  readonly allowed: readonly Command[];
}

const commands = ["select", "insert", "update", "delete"] as const;
type Command = (typeof commands)[number];

const personalTables: readonly PersonalTable[] = [
  {
    name: "user_progress",
    user: "user_id",
    insert: (user) =>
      `insert into user_progress (user_id, episode_id, last_watched_at) values ('${user}', '${episode}', '2025-02-01')`,
    set: "progress_seconds = 61",
    allowed: ["select", "insert", "update", "delete"],
  },
  {
    name: "watch_history",
    user: "user_id",
    insert: (user) =>
      `insert into watch_history (user_id, episode_id, watched_at) values ('${user}', '${episode}', '2025-01-11')`,
    set: "watch_duration = 61",
    allowed: ["select", "insert"],
  },
  {
    name: "user_favorites",
    user: "user_id",
    insert: (user) =>
      `insert into user_favorites (user_id, course_id) values ('${user}', '${otherCourse}')`,
    set: "created_at = '2025-01-01'",
    allowed: ["select", "insert", "delete"],
  },
  {
    name: "user_watch_status",
    user: "user_id",
    insert: (user) =>
      `insert into user_watch_status (user_id, course_id) values ('${user}', '${otherCourse}')`,
    set: "score = 1",
    allowed: ["select", "insert", "update", "delete"],
  },
  {
    name: "user_reviews",
    user: "user_id",
    insert: (user) =>
      `insert into user_reviews (user_id, course_id, rating) values ('${user}', '${otherCourse}', 1)`,
    set: "rating = 1",
    allowed: ["select", "insert", "update", "delete"],
  },
  {
    name: "search_queries",
    user: "user_id",
    insert: (user) => `insert into search_queries (user_id, query) values ('${user}', 'reply')`,
    set: "clicked = true",
    allowed: ["select", "insert", "update", "delete"],
  },
  {
    name: "user_engagement",
    user: "user_id",
    insert: (user) =>
      `insert into user_engagement (user_id, date) values ('${user}', '2025-01-11')`,
    set: "sessions_count = 1",
    allowed: ["select"],
  },
  {
    name: "users",
    user: "id",
    insert: (user) => `
      insert into users (id, email, password_hash, first_name, last_name)
      values ('${user}', 'new@example.org', 'hash', 'New', 'N')`,
    set: "bio = 'changed'",
    allowed: ["select", "insert", "update", "delete"],
  },
];

/** Writes a statement on the rows of one user, which may be in a table or in one of its partitions. */
function statementOn(
  table: PersonalTable,
  command: Command,
  { user, relation = table.name }: { readonly user: string; readonly relation?: string },
): string {
  const rows = `where ${table.user} = '${user}'`;
  return {
    select: `select * from ${relation} ${rows}`,
    insert: table.insert(user).replace(table.name, relation),
    update: `update ${relation} set ${table.set} ${rows}`,
    delete: `delete from ${relation} ${rows}`,
  }[command];
}

/** What the four commands do with the rows of one user. */
async function outcomes(
  session: postgres.Sql,
  as: string | undefined,
  of: { readonly table: PersonalTable; readonly user: string; readonly relation?: string },
): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const command of commands) {
    found.push(await outcome(session, as, statementOn(of.table, command, of)));
  }
  return found;
}

describe.each(personalTables)("$name", (table) => {
  /** A row that is not shown is not there: reading, changing and deleting find nothing, and adding is refused. */
  const nothing = commands.map((command) =>
    table.allowed.includes(command) && command !== "insert" ? 0 : refused,
  );

  test("the app reaches its user's own rows", async () => {
    const expected = commands.map((command): Outcome =>
      table.allowed.includes(command) ? 1 : refused,
    );
    const own = { table, user: alice };
    // An account exists already; adding one has a test of its own.
    if (table.name === "users") expected[commands.indexOf("insert")] = "23505";
    expect(await outcomes(app, alice, own)).toEqual(expected);
  });

  test("the app does not reach another user's rows", async () => {
    expect(await outcomes(app, alice, { table, user: bob })).toEqual(nothing);
  });

  test("the app reaches nobody's rows when no user is set, or an empty one", async () => {
    expect(await outcomes(app, "", { table, user: bob })).toEqual(nothing);
    const fresh = await logIn("in role doramaflix_app");
    const [setting] = await fresh.unsafe(
      "select current_setting('doramaflix.user_id', true) as id",
    );
    expect(setting).toEqual({ id: null });
    expect(await outcomes(fresh, undefined, { table, user: bob })).toEqual(nothing);
  });

  test("a user that is no uuid is an error", async () => {
    const expected = commands.map((command) =>
      table.allowed.includes(command) ? "22P02" : refused,
    );
    expect(await outcomes(app, "bob", { table, user: bob })).toEqual(expected);
  });

  test("the app cannot give a row of its user to another one", async () => {
    const give = `update ${table.name} set ${table.user} = '${bob}' where ${table.user} = '${alice}'`;
    expect(await outcome(app, alice, give)).toBe(refused);
  });

  test("doramaflix_readonly and a login without a role reach nothing, whatever user they set", async () => {
    for (const session of [readonly, stranger]) {
      expect(await outcomes(session, bob, { table, user: bob })).toEqual(
        commands.map(() => refused),
      );
    }
  });

  test("doramaflix_owner reads the rows of all users", async () => {
    expect(await outcome(owner, undefined, `select * from ${table.name}`)).toBe(2);
  });
});

describe.each([
  ["user_progress_2025", "user_progress"],
  ["watch_history_2025_01", "watch_history"],
])("the partition %s", (relation, name) => {
  const table = personalTables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`There is no table ${name}.`);

  test("is reached by its name by none but the owner, not even for one's own rows", async () => {
    for (const session of [app, readonly, stranger]) {
      expect(await outcomes(session, alice, { table, user: alice, relation })).toEqual(
        commands.map(() => refused),
      );
    }
    expect(await outcome(owner, undefined, `select * from ${relation}`)).toBe(2);
  });

  test("shows and takes nothing even where someone has granted everything on it", async () => {
    const roles = "doramaflix_app, doramaflix_readonly";
    await database.sql.unsafe(`grant all on ${relation} to ${roles}`);
    for (const session of [app, readonly]) {
      expect(await outcomes(session, alice, { table, user: alice, relation })).toEqual([
        0,
        refused,
        0,
        0,
      ]);
    }
    await database.sql.unsafe(`revoke all on ${relation} from ${roles}`);
  });
});

test("the user is looked up once a query, and the index is used", async () => {
  const session = await logIn("in role doramaflix_app");
  await session.unsafe("set enable_seqscan = off");
  const rows = await session.unsafe("explain (costs off) select * from watch_history").values();
  const plan = rows.join("\n");
  expect(plan).toContain("InitPlan 1");
  expect(plan).toMatch(/Index Cond: \(user_id = /);
});

describe("accounts", () => {
  const carol = "dddddddd-0000-4000-8000-000000000000";

  test("the app adds an account for the user that it acts for", async () => {
    const [, , , , , , , users] = personalTables;
    expect(await outcome(app, carol, users?.insert(carol) ?? "")).toBe(1);
  });

  test("only the app looks up a login, by the exact address", async () => {
    const found = "select * from user_credentials('bob@example.org')";
    expect(await outcome(app, "", found)).toBe(1);
    expect(await app.unsafe(found)).toEqual([{ id: bob, password_hash: "hash of bob" }]);
    expect(await outcome(app, "", "select * from user_credentials('%@example.org')")).toBe(0);
    expect(await outcome(readonly, "", found)).toBe(refused);
    expect(await outcome(stranger, "", found)).toBe(refused);
  });
});

describe("reviews", () => {
  const own = `where user_id = '${alice}'`;

  beforeAll(async () => {
    await database.sql.unsafe(
      `update user_reviews set is_approved = true where user_id = '${bob}'`,
    );
  });

  test("everyone who uses the app reads approved ones, and changes none of another user", async () => {
    for (const user of [alice, ""]) {
      expect(await outcome(app, user, `select * from user_reviews where user_id = '${bob}'`)).toBe(
        1,
      );
      expect(
        await outcome(app, user, `update user_reviews set rating = 1 where user_id = '${bob}'`),
      ).toBe(0);
      expect(await outcome(app, user, `delete from user_reviews where user_id = '${bob}'`)).toBe(0);
    }
  });

  test("nobody approves their own, when adding or when changing it", async () => {
    expect(await outcome(app, alice, `update user_reviews set is_approved = true ${own}`)).toBe(
      refused,
    );
    const insert = `
      insert into user_reviews (user_id, course_id, rating, is_approved)
      values ('${alice}', '${otherCourse}', 5, true)`;
    expect(await outcome(app, alice, insert)).toBe(refused);
  });

  test("an approved one is changed only together with its approval", async () => {
    const change = "update user_reviews set review = 'other words'";
    expect(await outcome(app, bob, `${change} where user_id = '${bob}'`)).toBe(refused);
    expect(await outcome(app, bob, `${change}, is_approved = false where user_id = '${bob}'`)).toBe(
      1,
    );
  });
});

test("a visitor who is not logged in leaves a search without a name, and reads none", async () => {
  const insert = "insert into search_queries (query) values ('goblin')";
  expect(await outcome(app, "", insert)).toBe(1);
  expect(await outcome(app, alice, insert)).toBe(refused);
  await database.sql.unsafe(insert);
  expect(await outcome(app, "", "select * from search_queries")).toBe(0);
  expect(await outcome(app, alice, "select * from search_queries where user_id is null")).toBe(0);
  await database.sql.unsafe("delete from search_queries where user_id is null");
});

test("a search is changed only in what was clicked", async () => {
  expect(await outcome(app, alice, "update search_queries set query = 'other'")).toBe(refused);
});

describe("the catalogue", () => {
  const catalogue = [
    "categories",
    "courses",
    "course_categories",
    "seasons",
    "episodes",
    "video_qualities",
    "subtitles",
    "persons",
    "cast_members",
    "crew_members",
    "tags",
    "course_tags",
    "content_analytics",
    "trending_content",
    "similar_courses",
  ];

  test.each(catalogue)("%s is read by both roles and written by neither", async (table) => {
    for (const session of [app, readonly]) {
      expect(await outcome(session, "", `select * from ${table}`)).not.toBe(refused);
      expect(await outcome(session, "", `delete from ${table}`)).toBe(refused);
      expect(await outcome(session, "", `insert into ${table} default values`)).toBe(refused);
    }
    expect(await outcome(stranger, "", `select * from ${table}`)).toBe(refused);
  });

  test("every table is personal or in the catalogue", async () => {
    const rows = await database.sql.unsafe<{ name: string }[]>(`
      select relname as name from pg_class
      where relkind in ('r', 'p') and not relispartition and relowner = 'doramaflix_owner'::regrole`);
    const names = [...catalogue, ...personalTables.map(({ name }) => name)];
    expect(rows.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  test("a course is found by everyone who reads the catalogue", async () => {
    const search = `select * from courses where id = '${course}' and search_vector @@ '불시:* & 시착:*'`;
    expect(await outcome(readonly, "", search)).toBe(1);
  });
});

describe("materialized views", () => {
  beforeAll(async () => {
    // Who is to be recommended something must have watched something just now.
    await owner.unsafe(`
      do $$ begin execute 'drop table watch_history_' || to_char(now() at time zone 'UTC', 'YYYY_MM'); end $$;
      set role doramaflix_owner;
      create table watch_history_now partition of watch_history
        for values from (date_trunc('month', now(), 'UTC')) to (date_trunc('month', now(), 'UTC') + interval '1 month');
      insert into watch_history (user_id, episode_id, watched_at) select id, '${episode}', now() from users;
      insert into similar_courses values ('${course}', 1, '${otherCourse}', 0.5);
      refresh materialized view mv_user_insights;
      refresh materialized view mv_user_recommendations;
      reset role;
    `);
  });

  test("a partition that was made without a thought for security is not reached by its name", async () => {
    for (const session of [app, readonly]) {
      expect(await outcome(session, alice, "select * from watch_history_now")).toBe(refused);
    }
    expect(await outcome(app, alice, "select * from watch_history")).toBe(2);
  });

  test.each(["mv_user_insights", "mv_user_recommendations"])(
    "%s, which is personal, is read by its owner only",
    async (view) => {
      for (const session of [app, readonly, stranger]) {
        expect(await outcome(session, alice, `select * from ${view}`)).toBe(refused);
      }
      expect(await outcome(owner, undefined, `select * from ${view}`)).toBe(2);
    },
  );

  test.each(["my_insights", "my_recommendations"])("%s shows the user's own rows", async (view) => {
    const own = `select * from ${view} where user_id = '${alice}'`;
    expect(await outcome(app, alice, own)).toBe(1);
    expect(await outcome(app, alice, `select * from ${view}`)).toBe(1);
    expect(await outcome(app, bob, own)).toBe(0);
    expect(await outcome(app, "", own)).toBe(0);
    expect(await outcome(app, "alice", own)).toBe("22P02");
    for (const session of [readonly, stranger]) {
      expect(await outcome(session, alice, own)).toBe(refused);
    }
  });

  test.each(["my_insights", "my_recommendations", "user_favorites"])(
    "%s gives no other rows to a function in the query, however cheap it claims to be",
    async (relation) => {
      await app.unsafe(`
        begin;
        set local doramaflix.user_id = '${alice}';
        set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off;
        create function pg_temp.is_own(id uuid) returns boolean language plpgsql cost 0.0001 as
          'begin if id <> ''${alice}'' then raise ''saw %'', id; end if; return true; end';`);
      try {
        const query = `select * from ${relation} where pg_temp.is_own(user_id)`;
        expect(await app.unsafe(query)).toHaveLength(1);
      } finally {
        await app.unsafe("rollback");
      }
    },
  );

  test.each(["mv_popular_content", "mv_content_dashboard", "mv_search_analytics"])(
    "%s, which sums up, is read by both roles",
    async (view) => {
      for (const session of [app, readonly]) {
        expect(await outcome(session, "", `select * from ${view}`)).not.toBe(refused);
      }
      expect(await outcome(stranger, "", `select * from ${view}`)).toBe(refused);
    },
  );
});

describe("functions", () => {
  test("show the app nothing of another user, and record nothing for one", async () => {
    for (const [user, rows] of [
      [alice, 1],
      [bob, 0],
    ] as const) {
      const viewings = `select from get_user_viewing_patterns('${user}', '2025-02-01') where viewings > 0`;
      expect(await outcome(app, alice, viewings)).toBe(rows);
      const record = `select record_progress('${user}', '${episode}', 70, false, '2025-03-01')`;
      expect(await outcome(app, alice, record)).toBe(user === alice ? 1 : refused);
      expect(await outcome(readonly, user, record)).toBe(refused);
    }
  });

  test("let the app refresh and compute nothing", async () => {
    const rows = await database.sql.unsafe<{ call: string }[]>(`
      select format('select %s(%s)', proname, (
        select string_agg(format('null::%s', type::regtype), ', ') from unnest(proargtypes) type
      )) as call
      from pg_proc
      where pronamespace = 'public'::regnamespace and proname ~ '^(compute|refresh)_'`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { call } of rows) {
      expect(await outcome(app, alice, call), call).toBe(refused);
      expect(await outcome(readonly, alice, call), call).toBe(refused);
    }
  });
});
