import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { hasDebianServer, startDebianServer } from "./debian-server.js";
import { cells } from "./measure.js";

const program = fileURLToPath(new URL("../bin/doramaflix-db.js", import.meta.url));

/** A table of viewings with a foreign key, as applications have it. */
const schema = `
  create table users (id int primary key, name text);
  insert into users select n, 'user ' || n from generate_series(1, 1000) n;
  create table viewings (user_id int not null references users, at timestamptz not null, seconds int);
  create index on viewings (user_id, at);
`;
const partitioned = schema.replace("seconds int)", "seconds int) partition by range (at)");

/** Times the creation of partitions beside psql and pg_partman, and what an application waits for meanwhile. */
export default async function benchmark() {
  if (!hasDebianServer) {
    throw new Error(
      "This benchmark needs Debian's postgresql-15, its psql, and postgresql-15-partman.",
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "doramaflix-db-bench-"));
  mkdirSync(join(folder, "migrations"));
  const server = await startDebianServer();
  try {
    await creationTimes({ server, folder });
    await stalls({ server, folder });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

let databases = 0;

/** Creates a database with the table and, for the peer, its extension. */
async function createDatabase({ server, folder }, { granularity }) {
  const name = `bench_${(databases += 1)}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name}`);
  await admin.end();
  const url = server.url.replace(/\/postgres$/, `/${name}`);
  await run(process.execPath, [program, "migrate", "--url", url, "--project", folder]);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(partitioned);
  await sql.unsafe(
    `insert into partition_policies (parent, granularity) values ('viewings', '${granularity}')`,
  );
  await sql.unsafe("create schema partman; create extension pg_partman schema partman");
  await sql.end();
  return url;
}

/** Runs a command to its end and returns its wall time in milliseconds. */
async function run(command, args) {
  const begin = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${said}`);
  return performance.now() - begin;
}

/** The ways to create `count` partitions from the present one on, each with its own database. */
function contestants(context, { granularity, count }) {
  const interval = granularity === "daily" ? "1 day" : "1 month";
  return {
    "doramaflix-db": async (url) =>
      run(process.execPath, [
        program,
        "partitions",
        "create",
        "--ahead",
        String(count - 1),
        "--url",
        url,
        "--project",
        context.folder,
      ]),
    "psql, PARTITION OF": async (url) =>
      runScript(
        context,
        url,
        periods({ granularity, count }).map(
          ({ name, bounds }) => `create table ${name} partition of viewings ${bounds};`,
        ),
      ),
    // The least that does not lock readers out of the table: what the program runs, without looking at anything.
    "psql, ATTACH": async (url) =>
      runScript(
        context,
        url,
        periods({ granularity, count }).map(
          ({ name, bounds }) => `begin;
            set local synchronous_commit = off;
            create table ${name} (like viewings including all excluding identity);
            alter table viewings attach partition ${name} ${bounds};
            commit;`,
        ),
      ),
    "pg_partman 4.7": async (url) =>
      run("psql", [
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        url,
        "-c",
        // It makes as many before the present partition as after it, and a default partition.
        `select partman.create_parent('public.viewings', 'at', 'native', '${interval}',
           p_premake := ${count - 1}, p_start_partition := now()::text)`,
      ]),
  };
}

async function runScript({ folder }, url, statements) {
  const script = join(folder, "partitions.sql");
  writeFileSync(script, statements.join("\n"));
  return run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script, url]);
}

/** The names and bounds of `count` partitions from the present one on. */
function periods({ granularity, count }) {
  const now = new Date();
  const begin = (n) =>
    granularity === "daily"
      ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + n))
      : new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 1));
  const day = (n) => begin(n).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, n) => ({
    name: `viewings_${day(n).replaceAll("-", "_")}`,
    bounds: `for values from ('${day(n)} 00:00+00') to ('${day(n + 1)} 00:00+00')`,
  }));
}

async function partitionCount(url) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [{ n }] =
    await sql`select count(*)::int as n from pg_inherits where inhparent = 'viewings'::regclass`;
  await sql.end();
  return n;
}

async function creationTimes(context) {
  console.log("creating daily partitions of a table with an index and a foreign key");
  for (const count of [120, 1000, 5000]) {
    const times = {};
    for (const [name, create] of Object.entries(
      contestants(context, { granularity: "daily", count }),
    )) {
      const url = await createDatabase(context, { granularity: "daily" });
      times[name] = await create(url);
      const made = await partitionCount(url);
      if (made < count) throw new Error(`${name} made ${made} of ${count} partitions.`);
    }
    console.log(cells(`${count} partitions`, ["ms", "ratio"]));
    for (const [name, time] of Object.entries(times)) {
      const ratio = time / times["psql, PARTITION OF"];
      console.log(cells(name, [Math.round(time), ratio.toFixed(2)]));
    }
  }
}

/** What an application does all the time, each in a session of its own. */
const traffic = {
  "read viewings": "select count(*) from viewings where at > now() - interval '1 hour'",
  "write viewings": "insert into viewings values (1 + floor(random() * 900)::int, now(), 60)",
  "read users": "select name from users where id = 1 + floor(random() * 900)::int",
  "write users": "update users set name = 'u' where id = 2 + floor(random() * 900)::int",
};

async function stalls(context) {
  console.log(
    "\nworst wait in ms, while 24 monthly partitions are created and a row of users is locked for 2 s",
  );
  const names = Object.keys(traffic);
  console.log(
    `${"".padEnd(22)}${names.map((each) => each.padStart(16)).join("")}${"all took".padStart(12)}`,
  );
  for (const [name, create] of Object.entries(
    contestants(context, { granularity: "monthly", count: 25 }),
  )) {
    const url = await createDatabase(context, { granularity: "monthly" });
    await firstPartition(url);
    const { worst, duration } = await whileBusy(url, async () => create(url), name);
    console.log(
      name.padEnd(22) +
        names.map((each) => worst[each].toFixed(0).padStart(16)).join("") +
        duration.toFixed(0).padStart(12),
    );
  }
}

/** Writers need a partition from the beginning. */
async function firstPartition(url) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql.unsafe(`create table viewings_first partition of viewings
    for values from (now() - interval '400 days') to (date_trunc('month', now(), 'UTC'))`);
  await sql.end();
}

/** Runs `create` beside the traffic and a lock of two seconds, and returns the longest wait of each kind. */
async function whileBusy(url, create) {
  const sessions = Object.fromEntries(
    Object.keys(traffic).map((kind) => [kind, postgres(url, { max: 1, onnotice: () => {} })]),
  );
  const worst = Object.fromEntries(Object.keys(traffic).map((kind) => [kind, 0]));
  const done = new AbortController();
  const loops = Object.entries(traffic).map(async ([kind, statement]) => {
    const sql = sessions[kind];
    await sql.unsafe("select 1");
    while (!done.signal.aborted) {
      const begin = performance.now();
      await sql.unsafe(statement.replaceAll("now()", "now() - interval '40 days'"));
      worst[kind] = Math.max(worst[kind], performance.now() - begin);
      await sleep(2);
    }
  });
  await sleep(500);
  for (const kind of Object.keys(worst)) worst[kind] = 0;
  const holder = postgres(url, { max: 1, onnotice: () => {} });
  const held = holder.begin(async (sql) => {
    await sql`update users set name = 'held' where id = 1`;
    await sleep(2000);
  });
  await sleep(50);
  const duration = await create();
  await held;
  done.abort();
  await Promise.all(loops);
  await Promise.all([holder, ...Object.values(sessions)].map(async (sql) => sql.end()));
  return { worst, duration };
}
