import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { serverStatus, serverUrl, startServer, stopServer } from "../dist/program/server.js";
import { cells, compete, median, ratio, wallTime } from "./measure.js";

const program = fileURLToPath(new URL("../bin/doramaflix-db.js", import.meta.url));
const floor = fileURLToPath(new URL("count-statements.js", import.meta.url));
const figures = fileURLToPath(new URL("read-figures.js", import.meta.url));

/** 70 times 70 columns make 4,900 statements; each text takes 18 kB. */
const columns = 70;
const padding = "x".repeat(18_300);
const rounds = 15;

/**
 * Times `slow-queries` beside a Node program that counts the rows of pg_stat_statements, and with that reads all texts;
 * and, when the texts are stored with snapshots, beside one that reads all figures without a text.
 */
export default async function benchmark() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "doramaflix-db-bench-")));
  await startServer(folder);
  try {
    const { url } = serverUrl(folder);
    const sql = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
    await fill(sql);
    await sql.end();
    await report("select count(*)", {
      "select count(*)": () => node(floor, url),
      "slow-queries": () => node(program, "slow-queries", "--url", url),
      "slow-queries --json": () => node(program, "slow-queries", "--json", "--url", url),
    });
    const stored = {
      "select figures": () => node(figures, url),
      "slow-queries, stored": () => node(program, "slow-queries", "--url", url),
      "slow-queries --since": () => node(program, "slow-queries", "--since", "1", "--url", url),
    };
    await store(url, Object.values(stored));
    await report("select figures", stored);
  } finally {
    const { dataDirectory } = await serverStatus(folder);
    await stopServer(folder);
    rmSync(dirname(dataDirectory), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(sql) {
  await sql.unsafe("create extension pg_stat_statements");
  const names = Array.from({ length: columns }, (_, n) => `c${n}`);
  await sql.unsafe(`create table wide (${names.map((name) => `${name} int`).join(", ")})`);
  for (const one of names) {
    const statements = names.map(
      (other) => `select ${one}, 1, ${other} /* ${padding} */ from wide`,
    );
    await Promise.all(statements.map(async (statement) => sql.unsafe(statement)));
  }
  const [{ count, size }] = await sql.unsafe(
    "select count(*)::int, sum(octet_length(query))::float8 as size from pg_stat_statements",
  );
  console.log(`${count} statements with ${Math.round(size / 1e6)} MB of text`);
}

async function node(...args) {
  return wallTime(process.execPath, args);
}

/**
 * Installs the engine with a project that has nothing to apply, and takes two snapshots. The second has the texts of the
 * first one's own statements and of those of the contestants, which are the slowest ones here.
 */
async function store(url, contestants) {
  const project = mkdtempSync(join(tmpdir(), "doramaflix-db-bench-project-"));
  try {
    mkdirSync(join(project, "migrations"));
    await node(program, "migrate", "--url", url, "--project", project);
    for (let n = 0; n < 2; n += 1) {
      const time = await node(program, "snapshot", "--url", url);
      if (n === 0) for (const contestant of contestants) await contestant();
      console.log(cells(`snapshot ${n + 1}`, [time.toFixed(0)]));
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

async function report(least, contestants) {
  for (const contestant of Object.values(contestants)) await contestant();
  const times = await compete(contestants, rounds);
  console.log(cells("", ["median ms", "ratio"]));
  for (const [name, each] of Object.entries(times)) {
    console.log(cells(name, [median(each).toFixed(0), ratio(each, times[least]).toFixed(2)]));
  }
}
