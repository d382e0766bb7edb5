import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { serverStatus, serverUrl, startServer, stopServer } from "../dist/program/server.js";
import { searchSeed, searchTimes } from "./database-search.js";
import { cells, median, percentile, queryTime, wallTime } from "./measure.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "bin", "doramaflix-db.js");

/** 200,000 users make some 5 million viewings in 13 months. */
const whole = { users: 200_000, courses: 2000, days: 400 };
const rounds = 3;
const calls = 200;

/**
 * Times the refreshes and the functions of Doramaflix beside their floors, at a quarter, at half and at the whole of
 * the data, in one database after the other. BENCH_SHARE, such as 0.1, makes all of it smaller.
 */
export default async function benchmark() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-db-bench-")));
  await startServer(folder);
  try {
    const { url } = serverUrl(folder);
    const smaller = Number(process.env.BENCH_SHARE ?? 1);
    const runs = [];
    for (const share of [0.25, 0.5, 1]) runs.push(await timesAt(url, share, share * smaller));
    printGrowth(runs);
    await withDatabase(url, "bench_search", (sql, target) => {
      run("seed", target, ...searchSeed);
      return searchTimes(sql, calls);
    });
  } finally {
    const { dataDirectory } = await serverStatus(folder);
    await stopServer(folder);
    rmSync(dirname(dataDirectory), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Migrates a database of its own, and drops it afterwards: three of them would not fit into memory. */
async function withDatabase(url, name, measure) {
  const server = open(url);
  const target = Object.assign(new URL(url), { pathname: `/${name}` }).href;
  await server.unsafe(`create database ${name}`);
  run("migrate", target);
  const sql = open(target);
  try {
    return await measure(sql, target);
  } finally {
    await sql.end();
    await server.unsafe(`drop database ${name} with (force)`);
    await server.end();
  }
}

function open(url) {
  return postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
}

function run(command, url, ...options) {
  return wallTime(process.execPath, [
    program,
    command,
    "--url",
    url,
    "--project",
    root,
    ...options,
  ]);
}

async function timesAt(url, share, size) {
  return withDatabase(url, `bench_${share * 100}`, async (sql, target) => {
    const seconds = seed(target, size) / 1000;
    await sql.unsafe("vacuum analyze");
    const [{ viewings }] = await sql.unsafe("select count(*)::int as viewings from watch_history");
    console.log(
      `\n${viewings.toLocaleString("en")} viewings, loaded in ${seconds.toFixed(0)} s (${Math.round(viewings / seconds).toLocaleString("en")} a second)`,
    );
    const refreshes = await refreshTimes(sql);
    await functionTimes(sql);
    return { viewings, refreshes };
  });
}

function seed(url, size) {
  const { users, courses, days } = whole;
  const counts = ["--users", Math.round(users * size), "--courses", courses, "--days", days];
  return run("seed", url, ...counts.map(String));
}

/** The floor reads each base table once, and writes the same rows with the same unique index. */
async function refreshTimes(sql) {
  console.log(cells("materialized view", ["rows", "refresh ms", "floor ms", "ratio"]));
  const views = await sql.unsafe(`
    select c.relname as name,
      (select indexdef from pg_indexes i where i.tablename = c.relname and indexdef like 'CREATE UNIQUE%' limit 1) as index,
      array(
        select distinct d.refobjid::regclass::text
        from pg_rewrite w
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
        join pg_class t on d.refclassid = 'pg_class'::regclass and t.oid = d.refobjid and t.relkind in ('r', 'p')
        where w.ev_class = c.oid
      ) as tables
    from pg_class c where c.relkind = 'm' order by c.relname`);
  const results = {};
  for (const { name, index, tables } of views) {
    const [{ rows }] = await sql.unsafe(`select count(*)::int as rows from ${name}`);
    const refreshes = [];
    const floors = [];
    for (let round = 0; round < rounds; round += 1) {
      refreshes.push(await queryTime(sql, `refresh materialized view ${name}`));
      floors.push(await floorTime(sql, { name, index, tables }));
    }
    results[name] = median(refreshes);
    const [refresh, floor] = [median(refreshes), median(floors)];
    console.log(
      cells(name, [rows, refresh.toFixed(0), floor.toFixed(0), (refresh / floor).toFixed(2)]),
    );
  }
  const similar = await queryTime(sql, "select compute_similar_courses()");
  console.log(cells("compute_similar_courses()", ["", similar.toFixed(0)]));
  results["compute_similar_courses()"] = similar;
  return results;
}

async function floorTime(sql, { name, index, tables }) {
  let sum = 0;
  for (const table of arrayOf(tables)) sum += await queryTime(sql, scanOf(table));
  sum += await queryTime(sql, `create table bench_floor as select * from ${name}`);
  sum += await queryTime(
    sql,
    index.replace(/INDEX \S+ ON \S+/, "INDEX bench_floor_key ON bench_floor"),
  );
  await sql.unsafe("drop table bench_floor");
  return sum;
}

/** Counting whole rows reads them; counting alone could read an index. */
function scanOf(table) {
  return `select count(${table.split(".").at(-1)}.*) from ${table}`;
}

/** Without knowing the types of the database, the driver gives arrays as text. */
function arrayOf(value) {
  return Array.isArray(value) ? value : value.slice(1, -1).split(",");
}

/** Each function is called with other arguments each time, drawn from what is there. */
async function functionTimes(sql) {
  const scans = [];
  for (let round = 0; round < rounds; round += 1)
    scans.push(await queryTime(sql, scanOf("watch_history")));
  const scan = median(scans);
  console.log(cells("function", ["median ms", "p95 ms", "scan / p95"]));
  const users = await column(sql, "select id from users order by md5(id::text)");
  const courses = await column(sql, "select id from courses order by md5(id::text)");
  const pairs = await sql.unsafe(
    `select user_id, episode_id from user_progress order by md5(user_id::text || episode_id::text) limit ${calls}`,
  );
  const origins = [null, "korean", "japanese", "chinese"];
  const contestants = {
    get_top_content_by_period: (n) => [
      "select * from get_top_content_by_period($1, $2::drama_origin, 10)",
      [["daily", "weekly", "monthly"][n % 3], origins[n % 4]],
    ],
    get_user_viewing_patterns: (n) => ["select * from get_user_viewing_patterns($1)", [users[n]]],
    calculate_content_similarity: (n) => [
      "select calculate_content_similarity($1, $2)",
      [courses[n], courses[n + calls]],
    ],
    record_progress: (n) => [
      "select record_progress($1, $2, 60, false)",
      [pairs[n].user_id, pairs[n].episode_id],
    ],
  };
  for (const [name, call] of Object.entries(contestants)) {
    const times = [];
    for (let n = 0; n < calls; n += 1) times.push(await queryTime(sql, ...call(n)));
    const p95 = percentile(times, 95);
    console.log(cells(name, [median(times).toFixed(2), p95.toFixed(2), (scan / p95).toFixed(0)]));
  }
  console.log(cells("scan of watch_history", [scan.toFixed(0)]));
}

async function column(sql, query) {
  const rows = await sql.unsafe(`${query} limit ${2 * calls}`);
  return rows.map((row) => Object.values(row)[0]);
}

/** Below 1 a refresh grows more slowly than the data. */
function printGrowth(runs) {
  const [first, , last] = runs;
  const data = last.viewings / first.viewings;
  console.log(`\n${cells("from a quarter to the whole", ["times", "of the data's"])}`);
  for (const [name, duration] of Object.entries(last.refreshes)) {
    const growth = duration / first.refreshes[name];
    console.log(cells(name, [growth.toFixed(2), (growth / data).toFixed(2)]));
  }
}
