import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { spawn } from "node:child_process";
import { once } from "node:events";
import postgres from "postgres";
import { serverStatus, serverUrl, startServer, stopServer } from "../dist/program/server.js";
import { cells, wallTime } from "./measure.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "bin", "doramaflix-db.js");

/** 200,000 users make some 5 million viewings in 13 months. */
const whole = { users: 200_000, courses: 2000, days: 400 };

/**
 * What happens before a refresh. With 1 %, one in a hundred rows of each view changes; with all, each row of each view
 * but of mv_user_recommendations, of which the scores change.
 */
const changes = {
  nothing: [],
  "1 %": [
    "update courses set popularity = popularity + 1 where hashtext(id::text) % 100 = 0",
    `update user_engagement set total_watch_time = total_watch_time + 1
     where hashtext(user_id::text) % 100 = 0 and date > current_date - 30`,
    "update search_queries set results = results + 1 where hashtext(query) % 100 = 0",
    `insert into watch_history (user_id, episode_id, watched_at, watch_duration)
     select u.id, e.id, now(), 60
     from (select id, row_number() over () as n from users where hashtext(id::text) % 100 = 0) u
     join (select id, row_number() over (order by md5(id::text)) as n from episodes) e on e.n = u.n`,
  ],
  all: [
    "update courses set popularity = popularity + 1",
    "update user_engagement set total_watch_time = total_watch_time + 1 where date > current_date - 30",
    "update search_queries set results = results + 1 where created_at > now() - interval '30 days'",
    "update similar_courses set similarity = similarity * 0.99",
  ],
};

/**
 * Times the refresh of all views of Doramaflix after different changes: always in one way, and in the way that suits,
 * with policies that prefer speed or little WAL; with what readers wait for meanwhile, the WAL, and what the views have
 * grown. BENCH_SHARE, such as 0.1, makes the data smaller.
 */
export default async function benchmark() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-db-bench-")));
  await startServer(folder);
  try {
    const { url } = serverUrl(folder);
    seed(url);
    await compareWays(url);
  } finally {
    const { dataDirectory } = await serverStatus(folder);
    await stopServer(folder);
    rmSync(dirname(dataDirectory), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

function seed(url) {
  const share = Number(process.env.BENCH_SHARE ?? 1);
  const target = ["--url", url, "--project", root];
  wallTime(process.execPath, [program, "migrate", ...target]);
  const counts = ["--users", Math.round(whole.users * share)];
  counts.push("--courses", whole.courses, "--days", whole.days);
  wallTime(process.execPath, [program, "seed", ...target, ...counts.map(String)]);
}

async function compareWays(url) {
  const sql = open(url);
  await sql.unsafe("vacuum analyze");
  const views = await sql.unsafe(
    "select view::text as name from materialized_views() order by level, view::text",
  );
  const context = { sql, url, views: views.map(({ name }) => name) };
  const [{ viewings }] = await sql.unsafe("select count(*)::int as viewings from watch_history");
  console.log(`${viewings.toLocaleString("en")} viewings`);
  console.log(
    cells("changed, refreshed", ["ms", "of plain", "worst wait ms", "WAL MB", "grown MB"]),
  );
  for (const [changed, statements] of Object.entries(changes)) {
    let plain;
    for (const [way, refresh] of Object.entries(ways)) {
      const measured = await measure(context, statements, refresh);
      plain ??= measured.time;
      console.log(
        cells(`${changed}, ${way}`, [
          measured.time.toFixed(0),
          (measured.time / plain).toFixed(3),
          measured.worstWait.toFixed(0),
          (measured.wal / 1e6).toFixed(1),
          (measured.grown / 1e6).toFixed(1),
        ]),
      );
    }
  }
  await sql.end();
}

const ways = {
  "always plain": async ({ sql, views }) => {
    for (const view of views) await sql.unsafe(`refresh materialized view ${view}`);
  },
  "always concurrently": async ({ sql, views }) => {
    for (const view of views) await sql.unsafe(`refresh materialized view concurrently ${view}`);
  },
  "as it suits, for speed": async (context) => asItSuits(context, "speed"),
  "as it suits, for little WAL": async (context) => asItSuits(context, "wal"),
  "views refresh, for speed": async ({ sql, url }) => {
    await sql.unsafe("update matview_policies set prefer = 'speed'");
    const args = [program, "views", "refresh", "--url", url, "--project", root];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    const [status] = await once(child, "close");
    if (status !== 0) throw new Error(`views refresh ended with ${status}.`);
  },
};

/** What "views refresh" does in its session, without the start of the program. */
async function asItSuits({ sql, views }, prefer) {
  await sql.unsafe(`update matview_policies set prefer = '${prefer}'`);
  for (const view of views) await sql.unsafe(`select refresh_materialized_view('${view}')`);
}

/** Brings all views up to date in new files, changes the tables, and refreshes beside readers. */
async function measure(context, statements, refresh) {
  const { sql, views } = context;
  for (const view of views)
    await sql.unsafe(`select refresh_materialized_view('${view}', 'plain')`);
  for (const statement of statements) await sql.unsafe(statement);
  await sql.unsafe("select pg_stat_force_next_flush()");
  await sql.unsafe("checkpoint");
  const before = await figures(sql);
  const readers = views.map((view) => startReader(context.url, view));
  await sleep(200);
  const begin = performance.now();
  await refresh(context);
  const time = performance.now() - begin;
  const waits = await Promise.all(readers.map(async (stop) => stop()));
  const after = await figures(sql);
  return {
    time,
    worstWait: Math.max(...waits),
    wal: after.wal - before.wal,
    grown: after.size - before.size,
  };
}

async function figures(sql) {
  const [row] = await sql.unsafe(`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal,
      (select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'm')::float8 as size`);
  return row;
}

/** Reads a view every 10 ms until the returned function is called, which returns the longest time in milliseconds. */
function startReader(url, view) {
  const sql = open(url);
  let worst = 0;
  const stopping = new AbortController();
  const reading = (async () => {
    await sql.unsafe(`select * from ${view} limit 1`);
    while (!stopping.signal.aborted) {
      const begin = performance.now();
      const rows = await sql.unsafe(`select * from ${view} limit 1`);
      worst = Math.max(worst, performance.now() - begin);
      if (rows.length === 0) throw new Error(`${view} was empty.`);
      await sleep(10);
    }
    await sql.end();
  })();
  return async () => {
    stopping.abort();
    await reading;
    return worst;
  };
}

function open(url) {
  return postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
}
